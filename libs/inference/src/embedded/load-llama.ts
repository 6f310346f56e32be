import { open, type FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PraxisError } from '@praxis/core';
import type { LlamaLibrary } from './llama-types.js';

/** The package, by its name: it is nobody's dependency until somebody installs it. */
const PACKAGE = 'node-llama-cpp';
/** Every GGUF file begins so. */
const MAGIC = 'GGUF';
/** Then comes the version; what has another is read for ever. */
const VERSIONS: readonly number[] = [2, 3];
const HEAD = 8;

/**
 * Loads the package that runs a model file, from the folder where the user is or from beside Praxis, whose `home` is.
 * What is wrong with either, file or package, is told at once, with `invalid`.
 */
export async function openLlama(file: string, cwd: string, home: string = import.meta.url): Promise<LlamaLibrary> {
  await checkModelFile(file);
  const place = resolved([join(cwd, 'package.json'), home]);
  try {
    return (await import(place)) as LlamaLibrary;
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      `The package ${PACKAGE} cannot be loaded: ${firstLine(cause)}. Install it again: npm install ${PACKAGE}`,
      { cause },
    );
  }
}

function resolved(places: readonly string[]): string {
  for (const from of places) {
    try {
      return pathToFileURL(createRequire(from).resolve(PACKAGE)).href;
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new PraxisError(
    'invalid',
    `A model inside this process needs the package ${PACKAGE}, which is not installed. Install it where you start Praxis: npm install ${PACKAGE}. Or serve the file elsewhere and set PRAXIS_MODEL_URL (docs/embedded-model.md).`,
  );
}

/** Fails where a file is not there or holds no model. */
async function checkModelFile(path: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      `The model ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}); set PRAXIS_GGUF to the path of a GGUF file.`,
      { cause },
    );
  }
  try {
    const begin = Buffer.alloc(HEAD);
    const { bytesRead } = await file.read(begin, 0, HEAD, 0).catch(() => ({ bytesRead: 0 }));
    if (
      bytesRead < HEAD ||
      !begin.toString('latin1').startsWith(MAGIC) ||
      !VERSIONS.includes(begin.readUInt32LE(MAGIC.length))
    )
      throw new PraxisError(
        'invalid',
        `${path} is no GGUF file; set PRAXIS_GGUF to one, or convert the model with llama.cpp.`,
      );
  } finally {
    await file.close();
  }
}

const firstLine = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0]!;
