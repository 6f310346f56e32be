import type { Json, Journal, Strategy } from '@praxis/core';
import { UNBOUNDED, subgoalStream } from '@praxis/core';
import { interpret, type Handlers } from '@praxis/strategy';

/** A strategy whose plan is so many steps, one after another. */
export function plainPlan(length: number): Strategy<unknown> {
  const from = (n: number) =>
    n < length
      ? ({
          state: n,
          effects: [{ kind: 'execute', id: `s${n}`, action: { skill: 'nothing', args: {} }, why: '', origin: 'plan' }],
        } as const)
      : ({ state: n, effects: [{ kind: 'finish', outcome: 'done', reason: '', result: null as Json }] } as const);
  return {
    id: 'plain-plan',
    version: 1,
    begin: () => from(0),
    on: (state, event) => from(event.type === 'observed' ? (state as number) + 1 : (state as number)),
  };
}

/** Runs one plan through the interpreter; `onStep` is told of every step when its skill is called. */
export async function runPlan(journal: Journal, run: string, length: number, onStep: () => void): Promise<void> {
  const subgoal = `${run}.1.1.1`;
  const handlers: Handlers = {
    execute: {
      manifest: ({ skill }) => ({
        name: skill,
        summary: '',
        parameters: [],
        effect: 'pure',
        keyed: false,
        source: 'bench',
      }),
      run: () => {
        onStep();
        return Promise.resolve({ result: { ok: true, message: '' }, state: null });
      },
    },
  };
  const end = await interpret({
    stream: subgoalStream(subgoal),
    subgoal,
    journal,
    strategy: plainPlan(length),
    handlers,
    signal: new AbortController().signal,
    opening: () =>
      Promise.resolve({
        type: 'opened',
        by: 'bench',
        strategy: 'plain-plan',
        state: { facts: [], numbers: {} },
        condition: '',
        owner: null,
        limits: { steps: length, replans: 0 },
        allowance: UNBOUNDED,
        suggested: [],
        avoid: [],
        domain: 'bench',
      }),
  });
  if (end?.outcome !== 'done') throw new Error(`The run ${run} of the benchmark ended as ${end?.outcome ?? 'parked'}.`);
}
