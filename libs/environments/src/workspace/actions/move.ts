import type { JsonSchema } from '@praxis/core';
import type { FileEntry } from '../manifest.js';
import {
  done,
  fileAt,
  inputOf,
  manifestOf,
  mustBeFree,
  mustHaveRoom,
  PATH,
  readPath,
  Refusal,
  type FileAction,
  type FileContext,
} from './file-action.js';

interface Args {
  readonly from: string;
  readonly to: string;
  readonly overwrite?: boolean;
  readonly sha256?: string;
}

const INPUT = inputOf(
  {
    from: PATH,
    to: PATH,
    overwrite: { type: 'boolean', default: false, description: 'Replace another file that is at `to`.' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Refused unless `from` has this content.' },
  },
  ['from', 'to'],
);
const OUTPUT: JsonSchema = {
  type: 'object',
  properties: { from: { type: 'string' }, to: { type: 'string' }, sha256: { type: 'string' } },
  required: ['from', 'to', 'sha256'],
};

export const moveFile: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.move',
    summary: 'Moves a file to another path.',
    input: INPUT,
    output: OUTPUT,
    requires: ['(file ?from)'],
    ensures: ['(file ?to)', '(not (file ?from))'],
    reads: ['file:{from}'],
    writes: ['file:{from}', 'file:{to}'],
    effect: 'reversible',
    undo: { skill: 'files.move', args: { from: 'args.to', to: 'args.from' } },
  }),

  run(args, context) {
    const { from, to, entry, wasDone } = transfer(args, context);
    const value = { from, to, sha256: entry.sha256 };
    if (wasDone || from === to) return done(`${to} is in its place already`, value, { files: [[to, entry]] });
    return done(`moved ${from} to ${to}`, value, {
      files: [[to, entry]],
      change: { files: new Map([[from, null] as const, [to, entry] as const]) },
    });
  },
};

export const copyFile: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.copy',
    summary: 'Copies a file to another path.',
    input: INPUT,
    output: OUTPUT,
    requires: ['(file ?from)'],
    ensures: ['(file ?to)'],
    reads: ['file:{from}'],
    writes: ['file:{to}'],
    effect: 'reversible',
    undo: { skill: 'files.delete', args: { path: 'args.to' } },
  }),

  run(args, context) {
    const { from, to, entry } = transfer(args, context);
    mustHaveRoom(context, to);
    const change = { files: new Map([[to, entry]]) };
    return done(`copied ${from} to ${to}`, { from, to, sha256: entry.sha256 }, { files: [[to, entry]], change });
  },
};

export const deleteFile: FileAction<{ readonly path: string }> = {
  manifest: manifestOf({
    name: 'files.delete',
    summary: 'Deletes a file from the workspace.',
    input: inputOf({ path: PATH }, ['path']),
    output: {
      type: 'object',
      properties: { path: { type: 'string' }, sha256: { type: 'string' } },
      required: ['path', 'sha256'],
    },
    requires: ['(file ?path)'],
    ensures: ['(not (file ?path))'],
    writes: ['file:{path}'],
    effect: 'reversible',
  }),

  run(args, context) {
    const path = readPath(args.path);
    const { sha256 } = fileAt(context, path);
    return done(`deleted ${path}`, { path, sha256 }, { change: { files: new Map([[path, null]]) } });
  },
};

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly entry: FileEntry;
  /** `from` is gone and `to` has the content that was named: the call is a repeated one. */
  readonly wasDone: boolean;
}

function transfer({ from: given, to: target, overwrite = false, sha256 }: Args, context: FileContext): Transfer {
  const { manifest } = context.content;
  const [from, to] = [readPath(given), readPath(target)];
  const there = manifest.get(to);
  if (sha256 !== undefined && manifest.get(from) === null && there?.sha256 === sha256)
    return { from, to, entry: there, wasDone: true };
  const entry = fileAt(context, from);
  if (sha256 !== undefined && entry.sha256 !== sha256)
    throw new Refusal('not-applicable', `${from} has changed: its SHA-256 is ${entry.sha256}, not ${sha256}.`);
  if (from === to) return { from, to, entry, wasDone: false };
  if (to.startsWith(`${from}/`))
    throw new Refusal('not-applicable', `${to} cannot be a file: ${from} is a file, not a folder.`);
  mustBeFree(context, to);
  if (there !== null && !overwrite)
    throw new Refusal('not-applicable', `There is a file ${to} already; move it away, or set overwrite.`);
  return { from, to, entry, wasDone: false };
}
