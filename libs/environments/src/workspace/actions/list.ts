import { count, done, inputOf, manifestOf, Refusal, type FileAction } from './file-action.js';
import { readGlob } from './glob.js';

interface Args {
  readonly glob?: string;
}

const FILE = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    size: { type: 'integer' },
    mediaType: { type: 'string' },
    sha256: { type: 'string' },
  },
  required: ['path', 'size', 'mediaType', 'sha256'],
} as const;

export const listFiles: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.list',
    summary: 'Lists the files of the workspace, sorted by path.',
    input: inputOf(
      { glob: { type: 'string', description: 'Only paths that match, such as reports/**/*.{csv,json}.' } },
      [],
    ),
    output: { type: 'object', properties: { files: { type: 'array', items: FILE } }, required: ['files'] },
    reads: ['file:**'],
    effect: 'pure',
  }),

  run({ glob }, { content }) {
    const isWanted = glob === undefined ? () => true : globOf(glob);
    const files = content.manifest.entries().filter(([path]) => isWanted(path));
    return done(
      `listed ${count(files.length, 'file')}`,
      { files: files.map(([path, { size, mediaType, sha256 }]) => ({ path, size, mediaType, sha256 })) },
      // A name may have been chosen by who wrote the file.
      { taint: [...new Set(files.flatMap(([, entry]) => entry.taint))].sort() },
    );
  },
};

/** A pattern as a test of paths; `invalid-args` where it cannot be read. */
export function globOf(pattern: string): (path: string) => boolean {
  try {
    return readGlob(pattern);
  } catch (thrown) {
    throw new Refusal('invalid-args', `The glob ${pattern} cannot be read: ${(thrown as Error).message}.`);
  }
}
