import { makeState, type WorldInfo, type WorldSession } from '@praxis/core';
import { MemorySessions, PddlWorld, ownProblems } from '@praxis/environments';
import { worldSkills } from './world-skills.js';

const DOMAIN =
  '(define (domain d) (:types lamp) (:predicates (lit ?l - lamp)) (:action light :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)))';
const PROBLEM = '(define (problem p) (:domain d) (:objects lamp1 - lamp) (:goal (lit lamp1)))';

async function openLamp(): Promise<{ session: WorldSession; info: WorldInfo }> {
  const world = new PddlWorld(ownProblems(), new MemorySessions());
  return {
    info: await world.describe(),
    session: await world.open({
      scenario: '',
      problem: { domain: DOMAIN, problem: PROBLEM },
      seed: '1',
      sessionId: 's',
    }),
  };
}
const call = { action: { skill: 'light', args: { l: 'lamp1' } }, key: 'k', signal: new AbortController().signal };

describe('worldSkills', () => {
  it('finds the skills of a problem of the caller in its domain', async () => {
    const { session, info } = await openLamp();
    const skills = await worldSkills(session, info).list();
    expect(skills.map(({ manifest }) => manifest)).toEqual([
      {
        name: 'light',
        summary: 'Needs (not (lit ?l)).',
        parameters: [{ name: 'l', type: 'lamp' }],
        effect: 'reversible',
        keyed: true,
        source: 'world:pddl',
      },
    ]);
  });

  it('acts in the world, once per key', async () => {
    const { session, info } = await openLamp();
    const [light] = await worldSkills(session, info).list();
    const done = {
      result: { ok: true, message: 'did (light lamp1)' },
      state: makeState(['(lit lamp1)']),
      before: makeState([]),
    };
    expect(await light!.run(call)).toEqual(done);
    expect(await light!.run(call)).toEqual(done);
    expect((await light!.run({ ...call, key: 'again' })).result).toMatchObject({ ok: false, code: 'not-applicable' });
  });

  it('does nothing once it was cancelled', async () => {
    const { session, info } = await openLamp();
    const [light] = await worldSkills(session, info).list();
    const { result } = await light!.run({ ...call, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, code: 'cancelled' });
    expect(await session.observe()).toEqual(makeState([]));
  });

  it('tells the skills of a world that has its own', async () => {
    const { session, info } = await openLamp();
    const told = {
      ...info,
      name: 'lamps',
      skills: [
        { name: 'glow', summary: '', parameters: [], effect: 'unknown' as const, keyed: false, source: 'world:lamps' },
      ],
    };
    expect((await worldSkills(session, told).list()).map(({ manifest }) => manifest)).toEqual(told.skills);
  });
});
