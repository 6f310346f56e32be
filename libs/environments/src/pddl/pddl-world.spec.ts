import { snapshotsOf, stateDigest, type Action, type World, type WorldSession } from '@praxis/core';
import { MemorySessions } from '../memory-sessions.js';
import { PddlWorld } from './pddl-world.js';
import { ownProblems, shippedWorld } from './world-kind.js';

const open = { scenario: 'breakfast-a', problem: null, seed: '1', sessionId: 's' };
const household = (sessions = new MemorySessions()): World => new PddlWorld(shippedWorld('household'), sessions);
const walk: Action = { skill: 'move', args: { r: 'robby', from: 'dining-room', to: 'hall' } };
const look: Action = { skill: 'open', args: { r: 'robby', c: 'sideboard', p: 'hall' } };
const take: Action = { skill: 'take-from', args: { r: 'robby', i: 'cereal', c: 'sideboard', p: 'hall' } };

describe('PddlWorld', () => {
  it('refuses what only the truth forbids, without saying why, and lets it pass once that is mended', async () => {
    const session = await household().open(open);
    await session.act(walk, '1');
    const refused = await session.act(take, '2');
    expect(refused.result).toEqual({
      ok: false,
      code: 'not-applicable',
      message: 'the world refused (take-from robby cereal sideboard hall)',
    });
    expect(await session.legal!()).toContainEqual(take);
    await session.act(look, '3');
    const tries = [await session.act(take, '4'), await session.act(take, '5'), await session.act(take, '6')];
    expect(tries.some(({ result }) => result.ok)).toBe(true);
  });

  // environment.6
  it('calls a refusal stale where the state is not the one it was decided on, and does what is possible all the same', async () => {
    const session = await household().open(open);
    const decidedOn = stateDigest(await session.observe());
    await session.act(walk, '1');
    const back: Action = { skill: 'move', args: { r: 'robby', from: 'hall', to: 'dining-room' } };
    const late = await session.act(walk, '2', undefined, decidedOn);
    expect(late.result).toEqual({
      ok: false,
      code: 'stale',
      message: 'the world refused (move robby dining-room hall), which has changed since this was decided',
    });
    expect(await session.act(walk, '2')).toEqual(late);
    expect((await session.act(walk, '3', undefined, stateDigest(await session.observe()))).result).toMatchObject({
      code: 'not-applicable',
    });
    expect((await session.act(back, '4', undefined, decidedOn)).result).toMatchObject({ ok: true });
  });

  it('shows what was true before an action, also where it is asked once more or another release kept it', async () => {
    const session = await household().open(open);
    const before = await session.observe();
    const seen = await session.act(walk, '1');
    expect(seen.before).toEqual(before);
    await session.act(look, '2');
    expect(await session.act(walk, '1')).toEqual(seen);
  });

  it('goes on in another process where only the store is shared (session-keeper.2)', async () => {
    const sessions = new MemorySessions();
    const first = await household(sessions).open(open);
    const seen = await first.act(walk, '1');
    const second = await household(sessions).resume('s');
    expect(await second.observe()).toEqual(seen.state);
    expect(await second.act(walk, '1')).toEqual(seen);
  });

  it('lets two processes act at once without losing an action (session-keeper.1)', async () => {
    const sessions = new MemorySessions();
    const request = { ...open, scenario: 'floors-a' };
    const left = await household(sessions).open(request);
    const right = await household(sessions).resume('s');
    const step = (r: string, from: string, to: string): Action => ({ skill: 'move', args: { r, from, to } });
    const oneAfterAnother = async (session: WorldSession, steps: readonly Action[]): Promise<readonly boolean[]> => {
      const done: boolean[] = [];
      for (const action of steps) done.push((await session.act(action, JSON.stringify(action))).result.ok);
      return done;
    };
    const seen = await Promise.all([
      oneAfterAnother(left, [step('robby', 'dining-room', 'kitchen'), step('robby', 'kitchen', 'stairs')]),
      oneAfterAnother(right, [step('ruby', 'lounge', 'pantry'), step('ruby', 'pantry', 'stairs')]),
    ]);
    expect(seen.flat()).toEqual([true, true, true, true]);
    const { facts } = await left.observe();
    expect(facts).toEqual(expect.arrayContaining(['(at robby stairs)', '(at ruby stairs)']));
  });

  it('keeps a session for those who opened it: another task under its id is a conflict', async () => {
    const world = household();
    await world.open(open);
    await expect(world.open({ ...open, seed: '2' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.open({ ...open, scenario: 'dishes-a' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.open(open)).resolves.toMatchObject({ id: 's' });
  });

  it('does not find the sessions of another world that shares its store', async () => {
    const sessions = new MemorySessions();
    await household(sessions).open(open);
    await expect(new PddlWorld(shippedWorld('warehouse'), sessions).resume('s')).rejects.toMatchObject({
      code: 'missing',
    });
  });

  it('names the scenarios there are, the nearest first', async () => {
    await expect(household().open({ ...open, scenario: 'dinner-c' })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('it has dinner-a, breakfast-a'),
    });
  });

  it('refuses a snapshot of another task', async () => {
    const world = household();
    const one = await world.open(open);
    const other = await world.open({ ...open, scenario: 'breakfast-b', sessionId: 't' });
    await expect(snapshotsOf(other).restore(await snapshotsOf(one).take())).rejects.toMatchObject({ code: 'invalid' });
    await expect(snapshotsOf(other).clone(await snapshotsOf(one).take(), '1')).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('says where a problem of the caller cannot be read', async () => {
    const world = new PddlWorld(ownProblems(), new MemorySessions());
    const problem = {
      domain: '(define (domain d)\n  (:predicates (p))\n  (:action a :precondition (q) :effect (p)))',
      problem: '(define (problem x) (:domain d) (:goal (p)))',
    };
    await expect(world.open({ ...open, scenario: '', problem })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('domain:3:'),
    });
    await expect(world.open({ ...open, scenario: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('takes objects of a type called agent for those who act in a problem of the caller', async () => {
    const world = new PddlWorld(ownProblems(), new MemorySessions());
    const problem = {
      domain:
        '(define (domain d) (:types agent) (:predicates (done ?a - agent)) (:action rest :parameters (?a - agent) :effect (done ?a)))',
      problem: '(define (problem x) (:domain d) (:objects ann bob - agent) (:goal (and (done ann) (done bob))))',
    };
    const session = await world.open({ ...open, scenario: '', problem });
    expect((await session.briefing()).agents).toEqual(['ann', 'bob']);
    expect((await session.act({ skill: 'rest', args: { a: 'ann' } }, '1')).result.ok).toBe(true);
  });
});
