import { resolve } from 'node:path';
import { PraxisError, type Goal, type RunId } from '@praxis/core';
import { filesOf } from './commands/runs/artifacts.js';
import type { Services } from './compose/clients.js';
import type { Context } from './context.js';
import { saveFiles, type Saving } from './save-files.js';
import { watchToEnd } from './watch-to-end.js';

/** What to do with a goal once it is submitted. */
export interface FollowOptions {
  readonly key?: string;
  readonly wait: boolean;
  /** Folder for the files of the run. */
  readonly save?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Files are saved when a run has ended. */
export function refuseSavingUnseen({ wait, save }: Pick<FollowOptions, 'wait' | 'save'>): void {
  if (save !== undefined && !wait)
    throw new PraxisError(
      'invalid',
      'Files are saved at the end of a run: leave --no-wait out, or save them later with `praxis artifacts RUN --save DIR`.',
    );
}

/** Submits a goal; follows it to its end and saves its files where the options say so. Gives the exit code. */
export async function followGoal(
  goal: Goal,
  { key, wait, save, force = false, json: isJson = false }: FollowOptions,
  { planner, artifacts }: Pick<Services, 'planner' | 'artifacts'>,
  context: Pick<Context, 'print' | 'cwd'>,
): Promise<number> {
  const { print, cwd } = context;
  const run = await planner.submit(goal, key ?? null);
  if (!wait) {
    if (isJson) print.json({ run });
    else print.lines([run, ...(print.isTerminal ? [print.paint(`follow it with: praxis watch ${run}`, 'dim')] : [])]);
    return 0;
  }
  if (!isJson) print.note(`run ${run}`);
  const code = await watchToEnd({ planner, run, context, isJson, isSaved: save !== undefined, hasSummary: true });
  if (code !== 0 && !isJson)
    print.note(`praxis show ${run} tells more; praxis retry ${run} goes on from where it stands`);
  if (save !== undefined) await saveAll(run, { folder: resolve(cwd, save), force }, { planner, artifacts }, print);
  return code;
}

/** Saves what a run made, and says where; files that cannot be saved now can be later. */
async function saveAll(
  run: RunId,
  saving: Saving,
  { planner, artifacts }: Pick<Services, 'planner' | 'artifacts'>,
  print: Context['print'],
): Promise<void> {
  const files = filesOf(await planner.get(run));
  const paths = await saveFiles(files, saving, artifacts).catch((thrown: unknown) => {
    const { code, message } = PraxisError.from(thrown);
    const later = `Nothing is lost: \`praxis artifacts ${run} --save DIR\` saves the files of the run at any time.`;
    throw new PraxisError(code, `${message} ${later}`, { cause: thrown });
  });
  for (const path of paths) print.note(`saved ${path}`);
  if (paths.length === 0) print.note('The run made no files.');
}
