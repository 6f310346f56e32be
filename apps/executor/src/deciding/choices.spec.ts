import { actionText, makeState, type SkillManifest, type WorldSession } from '@praxis/core';
import type { DeclaredSkill } from '@praxis/actions';
import { Choices, type ChoiceParts } from './choices.js';

const DOMAIN = `(define (domain lamps) (:types lamp) (:predicates (plugged ?l - lamp) (lit ?l - lamp))
  (:action plug-in :parameters (?l - lamp) :precondition (and) :effect (plugged ?l))
  (:action switch-on :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)))`;
const PROBLEM = '(define (problem dark) (:domain lamps) (:objects left right - lamp) (:init) (:goal (lit left)))';
const manifest = (name: string, source: string): SkillManifest => ({
  name,
  summary: '',
  parameters: [{ name: 'l', type: 'lamp' }],
  effect: 'reversible',
  keyed: true,
  source,
});
const [plugIn, switchOn] = [manifest('plug-in', 'world:lamps'), manifest('switch-on', 'world:lamps')];
const list = manifest('list', 'http:shop');
const own: DeclaredSkill = {
  performs: null,
  skill: { manifest: list, run: () => Promise.reject(new Error('nobody runs it here')) },
};
const performed: DeclaredSkill = { performs: 'lamps', skill: { manifest: switchOn, run: own.skill.run } };
const state = makeState(['(lit left)']);

/** A world that cannot list its legal actions. */
const mute: Pick<WorldSession, 'legal'> = {};

async function offered(more: Partial<ChoiceParts>) {
  const parts: ChoiceParts = {
    session: mute,
    rules: { domain: DOMAIN, problem: PROBLEM },
    skills: [plugIn, switchOn, list],
    declared: [own, performed],
    ...more,
  };
  const { legal, calls } = await new Choices(parts).now(state);
  return { legal: legal.map(actionText), calls: calls.map((s) => s.name) };
}

describe('what an actor may choose', () => {
  it('is what the world lists, where it lists it, and every declared skill that performs none of its actions (choices.1, choices.4)', async () => {
    const session = { legal: async () => [{ skill: 'plug-in', args: { l: 'left' } }] };
    expect(await offered({ session })).toEqual({
      legal: ['(plug-in left)'],
      calls: ['list'],
    });
  });

  it('is what the believed rules allow, where the world cannot list its actions (choices.1, choices.2)', async () => {
    expect(await offered({})).toEqual({
      legal: ['(plug-in left)', '(plug-in right)', '(switch-on right)'],
      calls: ['list'],
    });
  });

  it('is every skill as a call with free arguments, where there are neither rules nor a list (choices.3)', async () => {
    expect(await offered({ rules: null })).toEqual({
      legal: [],
      calls: ['plug-in', 'switch-on', 'list'],
    });
  });
});
