import { PraxisError, snapshotsOf, type OpenRequest } from '@praxis/core';
import { Evaluator } from '@praxis/search';
import { MemorySessions } from '../memory-sessions.js';
import { PddlWorld } from './pddl-world.js';
import { ownProblems, shippedWorld } from './world-kind.js';

const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const vars = each(8, (i) => `?v${i}`);
const ENDLESS = `(exists (${vars}) (not (or ${each(8, (i) => `(p ?v${i}) (q ?v${i})`)})))`;
const problem = {
  domain: `(define (domain d) (:requirements :adl) (:predicates (p ?x) (q ?x) (done))
    (:action small :parameters (?x) :precondition (p ?x) :effect (q ?x))
    (:action large :parameters () :precondition (not ${ENDLESS}) :effect (done)))`,
  problem: `(define (problem one) (:domain d) (:objects ${each(60, (i) => `o${i}`)}) (:init ${each(60, (i) => `(p o${i})`)}) (:goal (done)))`,
};
const open: OpenRequest = { scenario: '', problem, seed: '1', sessionId: 's' };

let evaluator: Evaluator;
beforeEach(() => {
  evaluator = new Evaluator({ threads: 1, steps: 1e15 });
});
afterEach(() => evaluator.close());

describe('a problem whose actions and conditions take for ever to evaluate', () => {
  it('is acted in as far as that can be evaluated, and what cannot ends when it is cancelled, with nothing done', async () => {
    const session = await new PddlWorld(ownProblems(), new MemorySessions(), evaluator).open(open);
    expect((await session.act({ skill: 'small', args: { x: 'o1' } }, '1')).result.ok).toBe(true);
    const before = await snapshotsOf(session).take();
    const stop = new AbortController();
    const endless = [
      session.act({ skill: 'large', args: {} }, '2', stop.signal),
      session.legal!(stop.signal),
      session.check(ENDLESS, stop.signal),
    ];
    stop.abort(new PraxisError('cancelled', 'enough'));
    const [act, legal, check] = await Promise.allSettled(endless);
    expect(act).toMatchObject({ status: 'fulfilled', value: { result: { ok: false, code: 'cancelled' } } });
    for (const one of [legal, check])
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'cancelled', message: 'enough' } });
    expect(await snapshotsOf(session).take()).toBe(before);
    // The key of what was cancelled is free: it may be done yet.
    expect((await session.act({ skill: 'small', args: { x: 'o2' } }, '2')).result.ok).toBe(true);
  });

  it('does not slow down those who share a world with whoever asks such a thing', async () => {
    const world = new PddlWorld(shippedWorld('household'), new MemorySessions(), evaluator);
    const { scenarios } = await world.describe();
    const [one, other] = await Promise.all(
      ['one', 'other'].map((sessionId) =>
        world.open({ scenario: scenarios[0]!.name, problem: null, seed: '1', sessionId }),
      ),
    );
    const stop = new AbortController();
    // All eight variables stand in one test that never comes out true.
    const large = `(exists (${vars}) (not (or ${each(7, (i) => `(= ?v${i} ?v${i + 1})`)} (not (= ?v0 ?v1)))))`;
    const endless = one!.check(large, stop.signal);
    for (const action of (await other!.legal!()).slice(0, 5)) await other!.act(action, JSON.stringify(action));
    // One question went to a thread: the endless one.
    expect(evaluator.counts.inThreads).toBe(1);
    stop.abort(new PraxisError('cancelled', 'enough'));
    await expect(endless).rejects.toMatchObject({ code: 'cancelled' });
  });
});
