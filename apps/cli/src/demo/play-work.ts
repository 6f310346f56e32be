import { resolve } from 'node:path';
import { PraxisError, type NodeStatus, type RunId, type RunSummary } from '@praxis/core';
import { findPlaybook, SALES_SAMPLE } from '@praxis/playbooks';
import type { RunView } from '@praxis/wire';
import { z } from 'zod';
import { filesOf } from '../commands/runs/artifacts.js';
import { readPlaybookGoal } from '../input/playbook-goal.js';
import { learnEvent, newModel } from '../view/run-model.js';
import type { DemoState } from './demo-file.js';
import { requestIdOf } from './demo-goals.js';
import { saveOwnFiles } from './save-own-files.js';
import { announce, stopHere, type Stage } from './stage.js';
import { progressLine, workLines } from './work-lines.js';

/** The playbook that a demo begins with. */
const PLAYBOOK = 'profile-csv';

const resultSchema = z.object({ rows: z.number(), columns: z.number(), report: z.string(), chart: z.string() });

/** What came of the playbook. */
export interface WorkResult {
  readonly playbook: string;
  readonly summary: RunSummary;
  readonly steps: readonly { readonly title: string; readonly status: NodeStatus }[];
  /** The result of the run; null where it gave none. */
  readonly result: z.infer<typeof resultSchema> | null;
  /** Absolute paths of the saved files; null where nothing was saved. */
  readonly files: { readonly report: string; readonly chart: string } | null;
  /** Why the run failed, or its files could not be saved; null where neither did. */
  readonly problem: string | null;
}

/**
 * Carries out the shipped playbook `profile-csv` on the shipped table of sales, and saves the report and the chart, as
 * `praxis run profile-csv --in file=sales.csv --save FOLDER` does. Its request id makes a demo that goes on after an
 * interruption read the run that is there (run-demo.1).
 */
export async function playWork(demo: DemoState, stage: Stage): Promise<WorkResult> {
  const { services, context, mode, signal } = stage;
  const { cwd, print } = context;
  announce(stage, `Real work: the playbook ${PLAYBOOK} on sales.csv, without a model and without planning rules.`);
  const { playbook } = findPlaybook(PLAYBOOK, [], cwd);
  const call = { playbook, typed: [{ name: 'file', value: SALES_SAMPLE }] };
  const goal = await readPlaybookGoal(call, { cwd, artifacts: services.artifacts });
  const requestId = requestIdOf({ world: goal.world, scenario: PLAYBOOK }, demo);
  const run = await services.planner.submit({ ...goal, labels: { demo: demo.space } }, requestId, signal);
  await follow(run, stage);
  const work = await saveWork(await services.planner.get(run, signal), demo, stage);
  if (mode !== 'silent') print.lines([...workLines(work, cwd), '']);
  return work;
}

async function follow(run: RunId, { services, context: { print }, mode, signal }: Stage): Promise<void> {
  let model = newModel(run);
  for await (const watched of services.planner.watch(run, {}, signal)) {
    model = learnEvent(model, watched);
    const line = mode === 'silent' ? null : progressLine(model, watched);
    if (line !== null) print.line(line);
  }
  stopHere(signal);
}

async function saveWork(view: RunView, { folder }: DemoState, stage: Stage): Promise<WorkResult> {
  const { summary, plan, nodes } = view;
  const work = {
    playbook: PLAYBOOK,
    summary,
    steps: (plan?.nodes ?? []).map(({ id, title }) => ({ title, status: nodes[id]?.status ?? 'pending' })),
  };
  if (summary.status !== 'done') return { ...work, result: null, files: null, problem: summary.reason };
  const result = resultSchema.parse(view.result?.value);
  const refs = [result.report, result.chart].flatMap((name) => filesOf(view).filter((ref) => ref.name === name));
  const saving = { folder: resolve(stage.context.cwd, folder), force: stage.force };
  try {
    const [report, chart] = await saveOwnFiles(refs, saving, stage.services.artifacts);
    if (report === undefined || chart === undefined) throw new PraxisError('missing', 'The run made no such files.');
    return { ...work, result, files: { report, chart }, problem: null };
  } catch (thrown) {
    return { ...work, result, files: null, problem: `The files are not saved: ${PraxisError.from(thrown).message}` };
  }
}
