import { UNBOUNDED, subgoalStream, type Json, type Journal, type Strategy } from '@praxis/core';
import { candidatesOf, type PromptRunner, type Prompt } from '@praxis/inference';
import { interpret, type Handlers } from '@praxis/strategy';
import { courierThought, type CourierThought } from './courier-thoughts.js';
import type { Laps } from './laps.js';

/** What runs ask with. */
export interface Asking {
  readonly journal: Journal;
  readonly promptRunner: PromptRunner;
  readonly prompt: Prompt<'next-action'>;
  readonly laps: Laps;
}

/** A strategy that asks so many times, one after another, and does nothing. */
function asksOnly(calls: number): Strategy<unknown> {
  const from = (n: number) =>
    n < calls
      ? ({ state: n, effects: [{ kind: 'propose', id: `p${n}`, by: 'actor', count: 1, context: n }] } as const)
      : ({ state: n, effects: [{ kind: 'finish', outcome: 'done', reason: '', result: null as Json }] } as const);
  return {
    id: 'asks-only',
    version: 1,
    begin: () => from(0),
    on: (state, event) => from(event.type === 'proposed' ? (state as number) + 1 : (state as number)),
  };
}

/** How an executor prices and makes a proposal, without the world. */
function handlersOf(run: string, { promptRunner, prompt, laps }: Asking): Handlers {
  const priced = new WeakMap<object, CourierThought>();
  return {
    estimate: (effect) => {
      laps.lap('interpreter');
      const made = courierThought(prompt, run, Number(effect.context), new AbortController().signal);
      laps.lap('order');
      priced.set(effect, made);
      const price = promptRunner.estimate(made.order);
      laps.lap('price');
      return price;
    },
    async propose(effect, signal) {
      laps.lap('interpreter');
      const { order, legal } = priced.get(effect)!;
      const { answers, problems, spent, call } = await promptRunner.run({ ...order, signal });
      const candidates = candidatesOf(answers, legal) as unknown as readonly Json[];
      laps.lap('read answer');
      if (candidates.length === 0) throw new Error(`The instant node's answer was of no use: ${problems.join('; ')}`);
      return { candidates, note: '', spent, call };
    },
  };
}

/** Runs a subgoal that asks so many times; `onCall` is told as each call begins, and at the end. */
export async function askRun(asking: Asking, run: string, calls: number, onCall: () => void): Promise<void> {
  const subgoal = `${run}.1.1.1`;
  const handlers = handlersOf(run, asking);
  const end = await interpret({
    stream: subgoalStream(subgoal),
    subgoal,
    journal: asking.journal,
    strategy: asksOnly(calls),
    handlers: { ...handlers, estimate: (effect) => (onCall(), handlers.estimate!(effect)) },
    signal: new AbortController().signal,
    opening: () =>
      Promise.resolve({
        type: 'opened',
        by: 'bench',
        strategy: 'asks-only',
        state: { facts: [], numbers: {} },
        condition: '',
        owner: null,
        limits: { steps: calls, replans: 0 },
        allowance: UNBOUNDED,
        suggested: [],
        avoid: [],
        domain: 'courier',
      }),
  });
  onCall();
  if (end?.outcome !== 'done') throw new Error(`The run ${run} of the benchmark ended as ${end?.outcome ?? 'parked'}.`);
}
