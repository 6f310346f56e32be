import { resolve } from 'node:path';
import type { ArtifactRef } from '@praxis/core';
import type { RunView } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { saveFiles } from '../../save-files.js';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { bytes, visible } from '../../view/words.js';

interface ArtifactsOptions {
  readonly save?: string;
  readonly force?: boolean;
}

/** `praxis artifacts`: the files of a run. */
export const artifactsVerb = defineVerb<ArtifactsOptions>({
  usage: 'artifacts <run>',
  summary: 'list the files that a run made, or save them',
  examples: ['artifacts r-3f9k2m7q1c', 'artifacts r-3f9k2m7q1c --save out', 'artifacts r-3f9k2m7q1c --json'],
  options: (command) =>
    command
      .option('--save <folder>', 'save the files there, under their names')
      .option('--force', 'replace files that are there already'),
  run: async ({ args, options: { save, force = false, json }, context: { print, cwd }, context }) =>
    withServices(context, async ({ planner, artifacts }) => {
      const files = filesOf(await planner.get(args[0]!));
      const saved = save === undefined ? [] : await saveFiles(files, { folder: resolve(cwd, save), force }, artifacts);
      if (json) print.json({ files, ...(save !== undefined && { saved }) });
      else if (files.length === 0) print.note('This run made no files.');
      else if (save === undefined) print.lines(fileLines(files, print.columns));
      else print.lines(saved);
      return 0;
    }),
});

/** The files of a run: those of its result, then what its subgoals left besides, the latest of each name. */
export function filesOf({ result, outputs }: Pick<RunView, 'result' | 'outputs'>): readonly ArtifactRef[] {
  const left = Object.values(outputs).flatMap((o) => o.artifacts);
  const latest = new Map([...left, ...(result?.artifacts ?? [])].map((ref) => [ref.name, ref]));
  const first = (result?.artifacts ?? []).map((ref) => ref.name);
  return [...new Set([...first, ...latest.keys()])].map((name) => latest.get(name)!);
}

function fileLines(files: readonly ArtifactRef[], columns: number): readonly string[] {
  const rows = files.map((f) => [visible(f.name), bytes(f.size), f.mediaType, f.$artifact.slice(0, 12)]);
  return tableLines(
    [{ head: 'name' }, { head: 'size', align: 'right' }, { head: 'type' }, { head: 'sha256' }],
    rows,
    columns,
  );
}
