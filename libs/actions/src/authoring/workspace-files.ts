import { artifactRefSchema, PraxisError, type ArtifactRef, type SkillCall, type SkillTools } from '@praxis/core';
import { z } from 'zod';
import { SkillError } from './skill-error.js';

/** The longest path in the workspace, in characters. */
const PATH_LENGTH = 500;

/** A path in the workspace: relative, with `/`, and below the workspace by its form alone. */
export const pathArgument = z
  .string()
  .min(1)
  .max(PATH_LENGTH)
  .refine((path) => isWorkspacePath(path), 'must be a path in the workspace, such as "reports/sales.md", without ".."')
  .describe('path in the workspace');

/** A file as an argument: its path in the workspace, or the reference that another step gave. */
export const fileArgument = z
  .union([z.string().min(1), artifactRefSchema], {
    error: 'must be a path in the workspace, such as "sales.csv", or a file that another step gave',
  })
  .describe('path in the workspace, or a file that another step gave');
export type FileArgument = z.output<typeof fileArgument>;

/** Whether a text is a path in the workspace. */
export const isWorkspacePath = (path: string): boolean =>
  !/[\p{Cc}\\]/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** What a skill may use of its run; a failure where the call has no run. */
export function toolsOf({ action, tools }: SkillCall): SkillTools {
  if (tools === undefined)
    throw new SkillError('world-error', `${action.skill} works with the files of a run, and this call has none`);
  return tools;
}

/** The file that an argument names; `not-applicable` where there is none. */
export async function findFile(call: SkillCall, file: FileArgument): Promise<ArtifactRef> {
  if (typeof file !== 'string') return file;
  const { files } = toolsOf(call);
  const found = await files.find(file.replace(/^\.\//, ''));
  if (found !== null) return found;
  const names = (await files.list()).map(({ name }) => name);
  const shown = names.slice(0, 20).join(', ');
  throw new SkillError(
    'not-applicable',
    `There is no file ${file} in the workspace; it holds ${shown || 'no files'}${names.length > 20 ? ` and ${names.length - 20} more` : ''}.`,
  );
}

/** The bytes of a file; `world-error` where it is larger than `limit` bytes. */
export async function readFile(call: SkillCall, ref: ArtifactRef, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (ref.size > limit) throw tooLarge(ref.name, limit);
  const bytes = new Uint8Array(ref.size);
  let filled = 0;
  try {
    for await (const part of toolsOf(call).artifacts.get(ref.$artifact)) {
      call.signal.throwIfAborted();
      // A reference is an argument: its size is a claim, the stored bytes are the fact.
      if (filled + part.length > bytes.length) throw tooLarge(ref.name, ref.size);
      bytes.set(part, filled);
      filled += part.length;
    }
  } catch (thrown) {
    if (thrown instanceof PraxisError && thrown.code === 'missing')
      throw new SkillError('not-applicable', `The content of ${ref.name} is not stored any more: ${thrown.message}`);
    throw thrown;
  }
  return filled === bytes.length ? bytes : bytes.slice(0, filled);
}

const tooLarge = (name: string, limit: number): SkillError =>
  new SkillError('world-error', `${name} is larger than ${limit} bytes, the most that is read of it here`);

/** Stores bytes as a file of the workspace; it becomes one when the skill gives it among its artifacts. */
export const writeFile = (
  call: SkillCall,
  path: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  mediaType: string,
): Promise<ArtifactRef> => toolsOf(call).artifacts.put(bytes, { name: path, mediaType });
