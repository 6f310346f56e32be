import {
  filePath,
  PraxisError,
  type ActionResult,
  type ArtifactRef,
  type ArtifactStore,
  type FailureCode,
  type Json,
  type JsonSchema,
  type SkillManifest,
} from '@praxis/core';
import type { Content, ContentChange } from '../content.js';
import { artifactOf, MOST_FILES, type FileEntry } from '../manifest.js';

/** What an action of a workspace works with. */
export interface FileContext {
  readonly content: Content;
  readonly artifacts: ArtifactStore;
}

/** What came of an action; absent `change`: nothing. */
export interface FileOutcome {
  readonly result: ActionResult;
  readonly change?: ContentChange;
}

/** An action of a workspace. `run` gets arguments that fit the manifest's input schema. */
export interface FileAction<A = never> {
  readonly manifest: SkillManifest;
  run(args: A, context: FileContext): Promise<FileOutcome> | FileOutcome;
}

/** Thrown where an action is refused: it becomes the action's result and changes nothing. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: FailureCode,
    message: string,
  ) {
    super(message);
  }
}

/** Makes the manifest of an action; its parameters follow from the input schema. */
export function manifestOf(
  parts: Omit<SkillManifest, 'parameters' | 'keyed' | 'source' | 'input'> & { readonly input: InputSchema },
): SkillManifest {
  const { properties, required } = parts.input;
  const parameters = Object.entries(properties).map(([name, { type }]) => ({
    name,
    type: typeof type === 'string' ? type : 'json',
    ...(!required.includes(name) && { optional: true }),
  }));
  return { ...parts, input: { ...parts.input }, parameters, keyed: true, source: 'world:workspace' };
}

/** The schema of an object of arguments. */
interface InputSchema {
  readonly [key: string]: Json;
  readonly properties: { readonly [name: string]: JsonSchema };
  readonly required: readonly string[];
}

/** A closed object of arguments; those that are not in `required` may be left out. */
export const inputOf = (properties: InputSchema['properties'], required: readonly string[]): InputSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

export const PATH: JsonSchema = { type: 'string', description: 'Path in the workspace, such as charts/top.svg.' };

/** A path in its only spelling; `invalid-args` where it is none. */
export function readPath(text: string): string {
  try {
    return filePath(text);
  } catch (thrown) {
    throw new Refusal('invalid-args', PraxisError.from(thrown).message);
  }
}

/** The file at a path; `not-applicable` where there is none. */
export function fileAt({ content }: FileContext, path: string): FileEntry {
  const entry = content.manifest.get(path);
  if (entry !== null) return entry;
  const wanted = path.toLowerCase();
  const near = [...content.manifest.paths()].filter((one) => one.toLowerCase().endsWith(wanted)).sort()[0];
  throw new Refusal(
    'not-applicable',
    `There is no file ${path} in the workspace${near === undefined ? '; files.list shows those there are' : `; there is ${near}`}.`,
  );
}

/** Refuses a path at which no file can be put: a name on its way is a file, or it is a folder itself. */
export function mustBeFree({ content: { manifest } }: FileContext, path: string): void {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at);
    if (manifest.get(folder) !== null)
      throw new Refusal('not-applicable', `${path} cannot be a file: ${folder} is a file, not a folder.`);
  }
  if (manifest.get(path) !== null) return;
  for (const other of manifest.paths())
    if (other.startsWith(`${path}/`))
      throw new Refusal('not-applicable', `${path} cannot be a file: it is the folder of ${other}.`);
}

/** Refuses a new file where the workspace is full. */
export function mustHaveRoom({ content: { manifest } }: FileContext, path: string): void {
  if (manifest.size >= MOST_FILES && manifest.get(path) === null)
    throw new Refusal('not-applicable', `The workspace holds ${MOST_FILES} files, the most it can; delete some first.`);
}

/** A good result with a value, and the files that were made or changed. */
export function done(message: string, value: Json, more: Partial<DoneParts> = {}): FileOutcome {
  const { files = [], taint = [], change } = more;
  const output = { value, artifacts: files.map(([path, entry]) => artifactOf(path, entry)), taint: [...taint] };
  return { result: { ok: true, message, output }, ...(change && { change }) };
}

interface DoneParts {
  readonly files: readonly (readonly [string, FileEntry])[];
  readonly taint: readonly string[];
  readonly change: ContentChange;
}

/** Fails with `invalid-args` unless all artifacts are stored with the sizes that they name. */
export async function mustBeStored({ artifacts }: FileContext, refs: readonly ArtifactRef[]): Promise<void> {
  if (refs.length === 0) return;
  const sizes = await artifacts.has([...new Set(refs.map((ref) => ref.$artifact))]);
  const wrong = refs.find(({ $artifact, size }) => sizes.get($artifact) !== size);
  if (wrong !== undefined)
    throw new Refusal(
      'invalid-args',
      `The artifact ${wrong.$artifact} of ${wrong.name} is not stored with ${wrong.size} bytes; store it first.`,
    );
}

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+*-]+(?:\s*;\s*[\w-]+=[\w."+-]+)*$/;

/** A media type as manifests keep it. */
export const readMediaType = (text: string): string => (MEDIA_TYPE.test(text) ? text : 'application/octet-stream');

/** Counts with the right form of the noun. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
