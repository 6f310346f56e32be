import { createHash } from 'node:crypto';
import { goalSchema, PraxisError, type Goal, type WorldInfo } from '@praxis/core';
import type { DemoState } from './demo-file.js';

/** A goal of the demo: a scenario of a world. */
export interface DemoGoal {
  readonly world: string;
  readonly scenario: string;
  readonly title: string;
}

/** The goals before and after learning. */
export type Halves = readonly [readonly DemoGoal[], readonly DemoGoal[]];

/** The scenarios whose names end in `-a`, then those that end in `-b`: each pair asks for much the same elsewhere. */
export function demoHalves(worlds: readonly WorldInfo[], isSwapped: boolean): Halves {
  const ending = (letter: string): readonly DemoGoal[] =>
    worlds.flatMap((w) =>
      w.scenarios
        .filter((s) => s.name.endsWith(`-${letter}`))
        .map((s) => ({ world: w.name, scenario: s.name, title: s.title })),
    );
  const [a, b] = [ending('a'), ending('b')];
  if (a.length === 0 || b.length === 0)
    throw new PraxisError(
      'missing',
      'The executor knows no worlds with demo scenarios; does it run the release that this command is from?',
    );
  return isSwapped ? [b, a] : [a, b];
}

/** The goal as it is submitted. */
export function toGoal({ world, scenario, title }: DemoGoal, demo: DemoState, half: number): Goal {
  return goalSchema.parse({
    title,
    world,
    scenario,
    seed: demo.seed,
    strategy: demo.strategy,
    archive: { space: demo.space, use: demo.archive, learn: demo.archive },
    labels: { demo: demo.space, half: String(half) },
  });
}

/** One name for one goal of one demo, so that submitting it again after a crash gives the run it has already. */
export function requestIdOf(
  { world, scenario }: Pick<DemoGoal, 'world' | 'scenario'>,
  { space, seed, strategy }: Pick<DemoState, 'space' | 'seed' | 'strategy'>,
): string {
  return `demo-${createHash('sha256')
    .update([space, seed, world, scenario, ...(strategy === 'search' ? [] : [strategy])].join('\u0000'))
    .digest('hex')
    .slice(0, 32)}`;
}
