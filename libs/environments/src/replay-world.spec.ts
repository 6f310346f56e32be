import type { Action, WorldState } from '@praxis/core';
import { MemorySessions } from './memory-sessions.js';
import { PddlWorld } from './pddl/pddl-world.js';
import { ownProblems } from './pddl/world-kind.js';
import { replayWorld, type RecordedAct, type RecordedLook } from './replay-world.js';

const problem = {
  domain:
    '(define (domain lamps) (:requirements :strips :typing :negative-preconditions) (:types lamp) (:predicates (lit ?l - lamp)) (:action light :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)) (:action douse :parameters (?l - lamp) :precondition (lit ?l) :effect (not (lit ?l))))',
  problem: '(define (problem one-lamp) (:domain lamps) (:objects a - lamp) (:init) (:goal (lit a)))',
};
const request = { scenario: '', problem, seed: '1', sessionId: 'replay' };
const light: Action = { skill: 'light', args: { l: 'a' } };
const douse: Action = { skill: 'douse', args: { l: 'a' } };
const DARK: WorldState = { facts: [], numbers: {} };
const LIT: WorldState = { facts: ['(lit a)'], numbers: {} };

/** An act of somebody between two times. */
function act(
  action: Action,
  [since, at]: readonly [number, number],
  after: WorldState | null,
  more: Partial<RecordedAct> = {},
): RecordedAct {
  const result = after
    ? { ok: true as const, message: `did (${action.skill} a)` }
    : { ok: false as const, code: 'not-applicable' as const, message: `the world refused (${action.skill} a)` };
  return {
    stream: 'subgoal/r-1.1.1.1',
    position: at,
    since,
    at,
    action,
    key: `${action.skill} ${since}`,
    result,
    after,
    isElsewhere: false,
    ...more,
  };
}
const replay = (acts: readonly RecordedAct[], looks: readonly RecordedLook[] = []) =>
  replayWorld({ request, acts, looks, reseeded: [] }, new PddlWorld(ownProblems(), new MemorySessions()));

describe('replayWorld', () => {
  it('is content with what was recorded', async () => {
    expect(await replay([act(light, [1, 2], LIT), act(light, [3, 4], null), act(douse, [5, 6], DARK)])).toBeNull();
  });

  it('names the first act that comes out otherwise, or leaves another world', async () => {
    expect(await replay([act(douse, [1, 2], DARK)])).toMatchObject({
      position: 2,
      expected: expect.stringContaining('observed.result'),
    });
    expect(await replay([act(light, [1, 2], DARK)])).toMatchObject({ position: 2, found: expect.any(String) });
  });

  it('finds the order in which two acted at the same time (replay-world.1)', async () => {
    const overlapping = [act(douse, [1, 8], DARK), act(light, [2, 9], LIT)];
    expect(await replay(overlapping)).toBeNull();
    expect(await replay([act(douse, [1, 8], DARK), act(light, [9, 10], LIT)])).toMatchObject({ position: 8 });
  });

  it('takes what was stale for refused, and sees where it was possible (replay-world.4)', async () => {
    const stale = { result: { ok: false as const, code: 'stale' as const, message: 'too late' }, after: LIT };
    expect(await replay([act(light, [1, 2], LIT), act(light, [3, 4], null, stale)])).toBeNull();
    expect(await replay([act(light, [1, 2], null, stale)])).toMatchObject({ position: 2 });
  });

  it('lets what has an unknown outcome be done or not (replay-world.2)', async () => {
    const unknown = (at: number): RecordedAct =>
      act(light, [at, at + 1], null, { result: { ok: false, code: 'unknown-outcome', message: 'cut off' } });
    expect(await replay([unknown(1), act(light, [3, 4], LIT)])).toBeNull();
    expect(await replay([unknown(1), act(douse, [3, 4], DARK)])).toBeNull();
  });

  it('looks at the world as it was at the time (replay-world.3)', async () => {
    const look = (since: number, at: number, state: WorldState): RecordedLook => ({
      stream: 's',
      position: 0,
      since,
      at,
      what: 'opened.state',
      state,
    });
    const acts = [act(light, [10, 20], LIT)];
    expect(await replay(acts, [look(1, 5, DARK), look(21, 25, LIT), look(5, 15, DARK), look(15, 25, LIT)])).toBeNull();
    expect(await replay(acts, [look(1, 5, LIT)])).toMatchObject({ stream: 's' });
    expect(
      await replay(acts, [
        { stream: 's', position: 3, since: 21, at: 25, what: 'checked.holds', condition: '(lit a)', holds: false },
      ]),
    ).toMatchObject({ position: 3 });
  });

  it('follows what was really done elsewhere, and leaves out what was not', async () => {
    const elsewhere = { isElsewhere: true };
    expect(
      await replay([
        act(light, [1, 2], null, {
          ...elsewhere,
          result: { ok: false, code: 'not-applicable', message: 'the server says no' },
        }),
        act(light, [3, 4], LIT, { ...elsewhere, result: { ok: true, message: '201 Created' } }),
      ]),
    ).toBeNull();
  });
});
