import {
  keyedChoice,
  keyedRandom,
  stateSchema,
  type Action,
  type ActionResult,
  type FailureCode,
  type WorldState,
} from '@praxis/core';
import { z } from 'zod';
import type { Asking, Rules } from './rules.js';

/** Where a session stands: everything that what happens next depends on, the seed and the rules apart. */
export const momentSchema = z.object({
  state: stateSchema,
  /** How often each action that can slip got as far as slipping. */
  tries: z.record(z.string(), z.number().int()),
  /** Actions done so far. */
  tick: z.number().int(),
});
export type Moment = z.infer<typeof momentSchema>;

/** An action that is to be done in a moment of a task. */
export interface Deed {
  readonly rules: Rules;
  readonly moment: Moment;
  readonly seed: string;
  readonly action: Action;
}

type Done = Omit<Deed, 'action'> & { readonly done: WorldState };

/** What came of an action, and where that leaves the session. */
export interface Transition {
  readonly moment: Moment;
  readonly result: ActionResult;
}

/** The moment in which a task begins. */
export async function firstMoment(rules: Rules, { evaluator, control }: Asking): Promise<Moment> {
  return { state: plain(await evaluator.ask('initial', rules.truth, [], control)), tries: {}, tick: 0 };
}

/**
 * One action in a PDDL world.
 *
 * transition.1 A refused action and one that slips change no fact and take no time; a refusal does not say what was
 *              missing.
 * transition.2 Slips depend only on the seed, the action and how often that action has been possible before; events
 *              only on the seed and the number of actions done. So whatever another agent does in between, the dice
 *              fall alike.
 * transition.3 An event never undoes what the action just did: it must have been possible before it.
 */
export async function act({ rules, moment, seed, action }: Deed, asking: Asking): Promise<Transition> {
  const { evaluator, control } = asking;
  const refuse = (code: FailureCode, message: string): Transition => ({ moment, result: { ok: false, code, message } });
  const call = await evaluator.ask('call', rules.believed, [action.skill, action.args], control);
  if (!call.ok) return refuse('invalid-args', call.message);
  const text = `(${[action.skill, ...call.args].join(' ')})`;
  const done = await evaluator.ask('attempt', rules.truth, [action.skill, call.args, moment.state], control);
  if (done === null) return refuse('not-applicable', `the world refused ${text}`);
  const chance = (Object.hasOwn(rules.nature.slips, action.skill) ? rules.nature.slips[action.skill] : undefined) ?? 0;
  const tried = moment.tries[text] ?? 0;
  const tries = chance > 0 ? { ...moment.tries, [text]: tried + 1 } : moment.tries;
  if (chance > 0 && keyedRandom(seed, 'slip', text, tried) < chance) {
    return {
      moment: { ...moment, tries },
      result: { ok: false, code: 'effect-mismatch', message: `slipped: ${text} did nothing` },
    };
  }
  const state = await happen({ rules, moment, seed, done }, asking);
  return {
    moment: { state: plain(state), tries, tick: moment.tick + 1 },
    result: { ok: true, message: `did ${text}` },
  };
}

/** What happens by itself while an action is done. */
async function happen(
  { rules, moment: before, seed, done }: Done,
  { evaluator, control }: Asking,
): Promise<WorldState> {
  const { truth, nature } = rules;
  let state = done;
  for (const [event, chance] of Object.entries(nature.events)) {
    if (keyedRandom(seed, 'event', event, before.tick) >= chance) continue;
    const possibleIn = (at: WorldState) => evaluator.ask('legal', truth, [at, { actions: [event] }], control);
    const earlier = new Set((await possibleIn(before.state)).map(({ args }) => args.join(' ')));
    const possible = (await possibleIn(state)).filter(({ args }) => earlier.has(args.join(' ')));
    if (possible.length === 0) continue;
    const { action, args } = keyedChoice(possible, seed, 'which', event, before.tick);
    state = await evaluator.ask('apply', truth, [action, args, state], control);
  }
  return state;
}

function plain(state: WorldState): Moment['state'] {
  return { facts: [...state.facts], numbers: { ...state.numbers } };
}
