import type { RunId, RunSummary, Tool } from '@praxis/core';
import { SHIPPED } from '@praxis/environments';
import { Board, followRun } from '../view/board.js';
import { plain } from '../view/line.js';
import { count } from '../view/words.js';
import { demoHalves, requestIdOf, toGoal, type DemoGoal } from './demo-goals.js';
import { writeDemo, type DemoState } from './demo-file.js';
import { playWork, type WorkResult } from './play-work.js';
import { settle } from './settle.js';
import { announce, stopHere, type Stage } from './stage.js';

/** One goal and what came of it. */
export interface DemoResult {
  readonly goal: DemoGoal;
  readonly summary: RunSummary;
}

/** What came of a demo. */
export interface DemoOutcome {
  readonly demo: DemoState;
  /** The playbook before the goals. */
  readonly work: WorkResult;
  readonly halves: readonly [readonly DemoResult[], readonly DemoResult[]];
  readonly tools: readonly Tool[];
  /** Tools that were at hand when the second half began. */
  readonly known: readonly Tool[];
}

const LOOK_MS = 1_000;

/**
 * Plays a demo from its beginning, also one that was interrupted.
 *
 * run-demo.1 Every goal has a request id of its own, so that going through all of it again submits nothing twice, and
 *            what is finished is only read.
 * run-demo.2 The second half begins when the reflector is through with the first.
 */
export async function runDemo(demo: DemoState, stage: Stage): Promise<DemoOutcome> {
  const { worlds } = await stage.services.executor.describe(stage.signal);
  const shipped = worlds.filter((w) => (SHIPPED as readonly string[]).includes(w.name));
  const [before, after] = demoHalves(shipped, demo.isSwapped);
  const work = await playWork(demo, stage);
  const first = await playHalf(demo, before, 1, stage);
  if (demo.archive) await reflect(remember(stage, { ...demo, phase: 'reflecting', runs: idsOf(first) }), first, stage);
  const known = await stage.services.archive.list(demo.space);
  const second = await playHalf({ ...demo, phase: 'second', runs: idsOf(first) }, after, 2, stage);
  if (demo.archive) await reflect({ ...demo, phase: 'second', runs: idsOf(second) }, second, stage);
  return { demo, work, halves: [first, second], tools: await stage.services.archive.list(demo.space), known };
}

const idsOf = (results: readonly DemoResult[]): RunId[] => results.map((r) => r.summary.id);

function remember({ context }: Stage, demo: DemoState): DemoState {
  writeDemo(context.dataDir, demo);
  return demo;
}

async function playHalf(
  demo: DemoState,
  goals: readonly DemoGoal[],
  half: 1 | 2,
  stage: Stage,
): Promise<readonly DemoResult[]> {
  const { services, context, signal, mode } = stage;
  const { planner, archive } = services;
  announce(
    stage,
    half === 1
      ? `First half: ${count(goals.length, 'goal')} in worlds with rules that nobody told the agents.`
      : `Second half: ${goals.length} other goals${demo.archive ? ', with what was learned' : ', with nothing learned (--no-archive)'}.`,
  );
  const runs = await Promise.all(
    goals.map((goal) => planner.submit(toGoal(goal, demo, half), requestIdOf(goal, demo), signal)),
  );
  remember(stage, { ...demo, runs: [...demo.runs.filter((r) => !runs.includes(r)), ...runs] });
  const board = new Board(context.print, { mode });
  for (const [i, run] of runs.entries()) board.expect(run, `${goals[i]!.world} ${goals[i]!.scenario}`);
  const look = setInterval(() => void lookAtArchive(), LOOK_MS);
  try {
    await Promise.all(runs.map((run) => followRun(planner, run, board, signal)));
  } finally {
    clearInterval(look);
    board.close();
  }
  stopHere(signal);
  const summaries = await Promise.all(runs.map(async (run) => (await planner.get(run, signal)).summary));
  return goals.map((goal, i) => ({ goal, summary: summaries[i]! }));

  async function lookAtArchive(): Promise<void> {
    const tools = await archive.list(demo.space).catch(() => []);
    const active = tools.filter((t) => t.trust === 'active');
    if (active.length > 0)
      board.setFooter([plain(`  ${count(active.length, 'tool')} learned, latest: ${active.at(-1)!.title}`, 'yellow')]);
  }
}

async function reflect(demo: DemoState, results: readonly DemoResult[], stage: Stage): Promise<void> {
  const { print } = stage.context;
  const isLive = stage.mode === 'live';
  let told = false;
  const onProgress = (left: number | null): void => {
    if (left === 0 || stage.mode === 'silent' || (told && !isLive)) return;
    const text = `Waiting for the reflector to learn from the failures${left === null ? '' : `: ${count(left, 'subgoal')} to go`}`;
    print.raw(isLive ? `\r${text}\u001b[K` : `${text}\n`);
    told = true;
  };
  const { archive } = stage.services;
  const isSettled = await settle({
    archive,
    space: demo.space,
    runs: idsOf(results),
    backlog: stage.backlog,
    signal: stage.signal,
    onProgress,
  });
  if (isLive && told) print.raw('\r\u001b[K');
  if (!isSettled) announce(stage, 'The reflector is still busy; the demo goes on with what is learned so far.');
}
