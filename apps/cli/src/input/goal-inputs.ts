import { accessSync, constants, createReadStream, statSync, type Stats } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { PraxisError, type ArtifactRef, type ArtifactStore, type Json, type PlaybookInput } from '@praxis/core';

/** One `--in name=value` as it was typed. */
export interface TypedInput {
  readonly name: string;
  readonly value: string;
}

/** Reads `name=value`. */
export function parseInput(text: string): TypedInput {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  if (at < 1 || !/^[A-Za-z_][\w-]*$/.test(name))
    throw new PraxisError('invalid', `"${text}" is no input: write name=value, such as --in file=sales.csv.`);
  return { name, value: text.slice(at + 1) };
}

/** What inputs are read with. */
export interface InputParts {
  readonly cwd: string;
  /** Takes the files; null where they are only looked at, and the references stand for them until they are stored. */
  readonly artifacts: Pick<ArtifactStore, 'put'> | null;
  /** What the playbook says of an input; nothing is known where there is no playbook. */
  readonly types?: Readonly<Record<string, PlaybookInput>>;
  /** Told what is handed in as a file although nothing says that it is one. */
  readonly note: (text: string) => void;
}

/**
 * The inputs of a goal from what was typed. A file is stored, and its reference is the input. Where no playbook says what
 * an input is, the name of a file that is there means the file; `text:` and `json:` before a value say otherwise.
 */
export async function readInputs(typed: readonly TypedInput[], parts: InputParts): Promise<Record<string, Json>> {
  const inputs: Record<string, Json> = {};
  for (const { name, value } of typed) {
    const read = await readInput(name, value, parts);
    const isList = parts.types?.[name]?.type === 'files';
    if (isList) inputs[name] = [...((inputs[name] as readonly Json[] | undefined) ?? []), read];
    else if (Object.hasOwn(inputs, name)) throw new PraxisError('invalid', `The input ${name} is given twice.`);
    else inputs[name] = read;
  }
  return inputs;
}

async function readInput(name: string, value: string, parts: InputParts): Promise<Json> {
  const type = parts.types?.[name]?.type;
  if (type === 'file' || type === 'files') return storeFile(name, value, parts);
  // What the playbook does not know is refused by it.
  if (type !== undefined || parts.types !== undefined) return value;
  if (value.startsWith('text:')) return value.slice('text:'.length);
  if (value.startsWith('json:')) return readJson(name, value.slice('json:'.length));
  if (!isFile(resolve(parts.cwd, value))) return value;
  parts.note(`praxis: ${value} is handed in as a file (--in ${name}=text:${value} hands in the text)`);
  return storeFile(name, value, parts);
}

function readJson(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new PraxisError('invalid', `The input ${name} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** In place of the hash of a file that is not stored. */
const NOT_STORED = '0'.repeat(64);

async function storeFile(name: string, file: string, { cwd, artifacts }: InputParts): Promise<ArtifactRef> {
  const path = resolve(cwd, file);
  const size = sizeOf(path, `The input ${name} cannot be read from ${file}`);
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const label = { name: basename(path), mediaType };
  if (artifacts === null) return { $artifact: NOT_STORED, size, ...label };
  return artifacts.put(createReadStream(path) as AsyncIterable<Uint8Array>, label);
}

/** The size of a file that can be read, in bytes. */
function sizeOf(path: string, problem: string): number {
  let found: Stats;
  try {
    found = statSync(path);
    if (found.isFile()) accessSync(path, constants.R_OK);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const why = Object.hasOwn(REASONS, code) ? REASONS[code] : `the system says ${code}`;
    throw new PraxisError(code === 'ENOENT' ? 'missing' : 'invalid', `${problem}: ${why}.`, { cause });
  }
  if (found.isFile()) return found.size;
  const what = found.isDirectory() ? 'a folder; name its files, each with an --in of its own' : 'no regular file';
  throw new PraxisError('invalid', `${problem}: it is ${what}.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  ENOTDIR: 'a part of its path is no folder',
};

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.html': 'text/html',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.xml': 'application/xml',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};
