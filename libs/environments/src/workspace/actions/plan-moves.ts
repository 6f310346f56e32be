import type { Json } from '@praxis/core';
import {
  count,
  done,
  fileAt,
  inputOf,
  manifestOf,
  readPath,
  type FileAction,
  type FileContext,
} from './file-action.js';
import { applyRules, readRules, type ListedFile } from './move-rules.js';

interface Args {
  readonly files?: readonly (string | { readonly path: string } | { readonly name: string })[];
  readonly rules: Json;
  readonly to?: string;
}

/** A plan of moves is only this; whoever carries it out calls files.move for each. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
}

const PATHS = { type: 'array', items: { type: 'string' } } as const;
/** The schema of a list of moves. */
export const MOVES = {
  type: 'array',
  items: {
    type: 'object',
    properties: { from: { type: 'string' }, to: { type: 'string' }, sha256: { type: 'string' } },
    required: ['from', 'to', 'sha256'],
  },
} as const;

export const planMoves: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.plan-moves',
    summary: 'Says where rules would move files, and which moves would clash; moves nothing.',
    input: inputOf(
      {
        files: {
          type: 'array',
          items: {
            anyOf: [{ type: 'string' }, { type: 'object', required: ['path'] }, { type: 'object', required: ['name'] }],
          },
          description: 'Paths, or files as files.list or an input gives them; by default all files.',
        },
        rules: {
          description:
            'A list of {match, to}, or such a list as YAML or JSON text or file. `match` is a glob or {glob, regex, ' +
            'mediaType}; `to` is a path in which {dir}, {base}, {name}, {ext}, {type}, {subtype}, {hash} and the ' +
            'groups of the regex are replaced; one that ends in / is a folder. The first rule that matches counts.',
        },
        to: { type: 'string', description: 'The folder that the paths of the rules begin in.' },
      },
      ['rules'],
    ),
    output: {
      type: 'object',
      properties: { moves: MOVES, clashes: { type: 'array' }, unmatched: PATHS, inPlace: PATHS },
      required: ['moves', 'clashes', 'unmatched', 'inPlace'],
    },
    reads: ['file:**'],
    effect: 'pure',
  }),

  async run({ files, rules, to }, context) {
    const listed = filesOf(files, context);
    const planned = applyRules(listed, await readRules(rules, context.artifacts), to);
    const unmatched = planned.filter((one) => one.to === null).map(({ file }) => file.path);
    const inPlace = planned.filter((one) => one.to === one.file.path).map(({ file }) => file.path);
    const wanted = planned.flatMap(({ file: { path, sha256 }, to: target }) =>
      target === null || target === path ? [] : [{ from: path, to: target, sha256 }],
    );
    const reasons = clashesOf(wanted, context);
    const clashes = wanted.flatMap(({ from, to: target }) => {
      const reason = reasons.get(from);
      return reason === undefined ? [] : [{ from, to: target, reason }];
    });
    const moves = wanted.filter(({ from }) => !reasons.has(from));
    const taint = listed.flatMap(({ path }) => context.content.manifest.get(path)!.taint);
    return done(
      `planned ${count(moves.length, 'move')}; ${clashes.length} would clash, ${unmatched.length} match no rule`,
      { moves, clashes, unmatched, inPlace } as unknown as Json,
      { taint: [...new Set(taint)].sort() },
    );
  },
};

function filesOf(files: Args['files'], context: FileContext): readonly ListedFile[] {
  if (files === undefined) return context.content.manifest.entries().map(([path, entry]) => ({ path, ...entry }));
  const paths = new Set(files.map((file) => readPath(pathOf(file))));
  return [...paths].map((path) => ({ path, ...fileAt(context, path) }));
}

const pathOf = (file: NonNullable<Args['files']>[number]): string =>
  typeof file === 'string' ? file : 'path' in file ? file.path : file.name;

/** Why moves cannot be carried out, by where they come from. What one move makes free is not counted on by another. */
function clashesOf(moves: readonly Move[], { content: { manifest } }: FileContext): ReadonlyMap<string, string> {
  const byTarget = new Map<string, Move[]>();
  for (const move of moves) byTarget.set(move.to, [...(byTarget.get(move.to) ?? []), move]);
  const folders = new Set<string>();
  for (const path of [...manifest.paths(), ...byTarget.keys()])
    for (const folder of foldersOf(path)) folders.add(folder);
  const reasons = new Map<string, string>();
  for (const [to, group] of byTarget) {
    const file = foldersOf(to).find((folder) => manifest.get(folder) !== null || byTarget.has(folder));
    const reason =
      group.length > 1
        ? `${count(group.length, 'file')} would become ${to}`
        : manifest.get(to) !== null
          ? `there is a file ${to} already`
          : file !== undefined
            ? `${file} is a file, not a folder`
            : folders.has(to)
              ? `${to} is a folder`
              : null;
    if (reason !== null) for (const { from } of group) reasons.set(from, reason);
  }
  return reasons;
}

const foldersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
