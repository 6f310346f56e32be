import type { Action } from '@praxis/core';
import { parseDomain, sharedEvaluator } from '@praxis/search';
import { checkRules, type Asking, type Rules } from './rules.js';
import { act as actIn, firstMoment as momentOf, type Moment, type Transition } from './transition.js';

const asking: Asking = { evaluator: sharedEvaluator, control: {} };
const act = (rules: Rules, moment: Moment, seed: string, action: Action): Promise<Transition> =>
  actIn({ rules, moment, seed, action }, asking);
const firstMoment = (rules: Rules): Promise<Moment> => momentOf(rules, asking);

const BELIEVED = `(define (domain yard) (:types hen) (:predicates (fed ?h - hen) (asleep ?h - hen) (counted ?h - hen))
  (:action feed :parameters (?h - hen) :precondition (not (fed ?h)) :effect (fed ?h))
  (:action count :parameters (?h - hen) :precondition (and) :effect (counted ?h)))`;
const TRUTH = `${BELIEVED.slice(0, -1)} (:action doze :parameters (?h - hen) :precondition (and (not (asleep ?h)) (fed ?h)) :effect (asleep ?h))
  (:action hunger :parameters (?h - hen) :precondition (fed ?h) :effect (not (fed ?h))))`;
const PROBLEM = '(define (problem p) (:domain yard) (:objects h1 h2 - hen) (:init (fed h1)) (:goal (asleep h1)))';

function yard(slip: number, doze: number, hunger = 0): Rules {
  const texts = {
    believed: parseDomain(BELIEVED),
    truth: parseDomain(TRUTH),
    nature: { slips: { feed: slip }, events: { doze, hunger } },
  };
  checkRules(texts);
  return {
    believed: { domain: BELIEVED, problem: PROBLEM },
    truth: { domain: TRUTH, problem: PROBLEM },
    nature: texts.nature,
    agentType: 'hen',
  };
}
const feed = { skill: 'feed', args: { h: 'h2' } };
const count = (h: string): { skill: string; args: { h: string } } => ({ skill: 'count', args: { h } });

/** Results of an action tried over and over while `between` is done before each try. */
async function tries(rules: Rules, between: readonly ReturnType<typeof count>[]): Promise<readonly boolean[]> {
  let moment = await firstMoment(rules);
  const seen: boolean[] = [];
  for (let i = 0; i < 40; i++) {
    for (const action of between) moment = (await act(rules, moment, 'seed', action)).moment;
    const { result, moment: next } = await act(rules, moment, 'seed', feed);
    seen.push(result.ok);
    moment = { ...next, state: moment.state };
  }
  return seen;
}

describe('act', () => {
  it('slips about as often as it should, and alike whatever was done in between (transition.2)', async () => {
    const alone = await tries(yard(0.5, 0), []);
    expect(alone.filter((ok) => ok).length).toBeGreaterThan(10);
    expect(alone.filter((ok) => ok).length).toBeLessThan(30);
    expect(await tries(yard(0.5, 0), [count('h1'), count('h2')])).toEqual(alone);
  });

  it('changes no fact and no time where it slips or is refused (transition.1)', async () => {
    const rules = yard(1, 1);
    const start = await firstMoment(rules);
    const slip = await act(rules, start, 'seed', feed);
    expect(slip.result).toMatchObject({
      ok: false,
      code: 'effect-mismatch',
      message: expect.stringContaining('slipped'),
    });
    expect({ state: slip.moment.state, tick: slip.moment.tick }).toEqual({ state: start.state, tick: 0 });
    expect(await act(rules, start, 'seed', { skill: 'feed', args: { h: 'h1' } })).toEqual({
      moment: start,
      result: { ok: false, code: 'not-applicable', message: 'the world refused (feed h1)' },
    });
  });

  it('lets events happen while something is done, and only to what could already happen (transition.3)', async () => {
    const rules = yard(0, 1, 1);
    const after = (await act(rules, await firstMoment(rules), 'seed', feed)).moment;
    expect(after.state.facts).toEqual(['(asleep h1)', '(fed h2)']);
  });

  it('rolls for events by the number of actions done, whoever did what', async () => {
    const rules = yard(0, 0.3);
    const ticks = async (actions: readonly ReturnType<typeof count>[]): Promise<readonly number[]> => {
      let moment: Moment = await firstMoment(rules);
      const found: number[] = [];
      for (const action of actions) {
        const before = moment.state.facts.includes('(asleep h1)');
        moment = (await act(rules, moment, '7', action)).moment;
        if (!before && moment.state.facts.includes('(asleep h1)')) found.push(moment.tick);
      }
      return found;
    };
    const left = Array.from({ length: 20 }, () => count('h1'));
    expect(await ticks(left.map((_, i) => count(i % 2 ? 'h1' : 'h2')))).toEqual(await ticks(left));
    expect(await ticks(left)).toHaveLength(1);
  });

  it.each([
    [{ skill: 'fly', args: {} }, 'there is no action fly'],
    [{ skill: 'doze', args: { h: 'h1' } }, 'there is no action doze'],
    [{ skill: 'feed', args: {} }, 'must be the name of an object'],
    [{ skill: 'feed', args: { h: 'h9' } }, 'found "h9"'],
    [{ skill: 'feed', args: { h: 'h2', x: 1 } }, 'no parameter x'],
  ])('says what is wrong with the call %j', async (action, message) => {
    const rules = yard(0, 0);
    expect((await act(rules, await firstMoment(rules), 's', action)).result).toMatchObject({
      ok: false,
      code: 'invalid-args',
      message: expect.stringContaining(message),
    });
  });
});

describe('checkRules', () => {
  const texts = {
    believed: parseDomain(BELIEVED),
    truth: parseDomain(TRUTH),
    nature: { slips: {}, events: { doze: 0.1, hunger: 0 } },
  };

  it('notices chances that do not fit the domains', async () => {
    expect(() => checkRules({ ...texts, nature: { slips: {}, events: { doze: 0.1 } } })).toThrow('hunger must be both');
    expect(() => checkRules({ ...texts, nature: { slips: {}, events: { ...texts.nature.events, rain: 1 } } })).toThrow(
      'rain must be both',
    );
    expect(() => checkRules({ ...texts, nature: { ...texts.nature, slips: { fly: 1 } } })).toThrow('no action fly');
  });

  it('notices an action that the true domain does not have', async () => {
    expect(() =>
      checkRules({ believed: texts.truth, truth: texts.believed, nature: { slips: {}, events: {} } }),
    ).toThrow('doze has other parameters');
  });
});
