import { done, inputOf, manifestOf, readPath, type FileAction } from './file-action.js';
import { MOVES } from './plan-moves.js';

interface Args {
  readonly expected: readonly { readonly from?: string; readonly to: string; readonly sha256: string }[];
}

const PATHS = { type: 'array', items: { type: 'string' } } as const;

export const compareFiles: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.compare',
    summary: 'Compares the workspace with moves that should have been carried out.',
    input: inputOf(
      { expected: { type: 'array', items: { ...MOVES.items, required: ['to', 'sha256'] }, description: 'Moves.' } },
      ['expected'],
    ),
    output: {
      type: 'object',
      properties: { missing: PATHS, different: PATHS, left: PATHS },
      required: ['missing', 'different', 'left'],
    },
    reads: ['file:**'],
    effect: 'pure',
  }),

  run({ expected }, { content: { manifest } }) {
    const moves = expected.map(({ from, to, sha256 }) => ({
      from: from === undefined ? null : readPath(from),
      to: readPath(to),
      sha256,
    }));
    const targets = new Set(moves.map(({ to }) => to));
    const missing = moves.filter(({ to }) => manifest.get(to) === null).map(({ to }) => to);
    const different = moves
      .filter(({ to, sha256 }) => manifest.get(to) !== null && manifest.get(to)!.sha256 !== sha256)
      .map(({ to }) => to);
    /** Where files were moved from, and still are. */
    const left = moves.flatMap(({ from }) =>
      from !== null && !targets.has(from) && manifest.get(from) !== null ? [from] : [],
    );
    const value = { missing, different, left };
    return done(`${missing.length} missing, ${different.length} different, ${left.length} left behind`, value);
  },
};
