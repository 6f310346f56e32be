import { keyedChoice, keyedRandom, stateSchema, type Action, type ActionResult, type FailureCode, type WorldState } from '@praxis/core';
import { z } from 'zod';
import { readCall, type Rules } from './rules.js';

/** Where a session stands: everything that what happens next depends on, the seed and the rules apart. */
export const momentSchema = z.object({
  state: stateSchema,
  /** How often each action that can slip got as far as slipping. */
  tries: z.record(z.string(), z.number().int()),
  /** Actions done so far. */
  tick: z.number().int(),
});
export type Moment = z.infer<typeof momentSchema>;

/** What came of an action, and where that leaves the session. */
export interface Transition {
  readonly moment: Moment;
  readonly result: ActionResult;
}

/** The moment in which a task begins. */
export function firstMoment(rules: Rules): Moment {
  return { state: plain(rules.truth.initial()), tries: {}, tick: 0 };
}

/**
 * One action in a PDDL world.
 *
 * T1 A refused action and one that slips change no fact and take no time; a refusal does not say what was missing.
 * T2 Slips depend only on the seed, the action and how often that action has been possible before; events only on the
 *    seed and the number of actions done. So whatever another agent does in between, the dice fall alike.
 * T3 An event never undoes what the action just did: it must have been possible before it.
 */
export function act(rules: Rules, moment: Moment, seed: string, action: Action): Transition {
  const refuse = (code: FailureCode, message: string): Transition => ({ moment, result: { ok: false, code, message } });
  const call = readCall(rules, action);
  if (!call.ok) return refuse('invalid-args', call.message);
  const text = `(${[action.skill, ...call.args].join(' ')})`;
  if (!rules.truth.applicable(action.skill, call.args, moment.state).ok) return refuse('not-applicable', `the world refused ${text}`);
  const chance = (Object.hasOwn(rules.nature.slips, action.skill) ? rules.nature.slips[action.skill] : undefined) ?? 0;
  const tried = moment.tries[text] ?? 0;
  const tries = chance > 0 ? { ...moment.tries, [text]: tried + 1 } : moment.tries;
  if (chance > 0 && keyedRandom(seed, 'slip', text, tried) < chance) return { moment: { ...moment, tries }, result: { ok: false, code: 'effect-mismatch', message: `slipped: ${text} did nothing` } };
  const done = rules.truth.apply(action.skill, call.args, moment.state);
  const state = happen(rules, seed, moment, done);
  return { moment: { state: plain(state), tries, tick: moment.tick + 1 }, result: { ok: true, message: `did ${text}` } };
}

/** What happens by itself while an action is done. */
function happen({ truth, nature }: Rules, seed: string, before: Moment, done: WorldState): WorldState {
  let state = done;
  for (const [event, chance] of Object.entries(nature.events)) {
    if (keyedRandom(seed, 'event', event, before.tick) >= chance) continue;
    const earlier = new Set(truth.legal(before.state, { actions: [event] }).map(({ args }) => args.join(' ')));
    const possible = truth.legal(state, { actions: [event] }).filter(({ args }) => earlier.has(args.join(' ')));
    if (possible.length === 0) continue;
    const { action, args } = keyedChoice(possible, seed, 'which', event, before.tick);
    state = truth.apply(action, args, state);
  }
  return state;
}

function plain(state: WorldState): Moment['state'] {
  return { facts: [...state.facts], numbers: { ...state.numbers } };
}
