import * as fc from 'fast-check';
import { nodeSpecSchema, type NodeChoice } from '@praxis/core';
import { VirtualClock } from '@praxis/simulator';
import { NodeTrouble, type TroubleKind } from '../node-trouble.js';
import { createNodePool } from './create-node-pool.js';
import type { NodeLease } from './node-job.js';
import type { NodePool, PoolNode } from './node-pool.js';
import { seededPoolRandom } from './pool-clock.js';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const slotsOf = (name: string): number => 1 + (NAMES.indexOf(name as 'a') % 3);
const nodes = (names: Iterable<string>): PoolNode[] =>
  [...names].map((name) => ({
    origin: 'settings',
    spec: nodeSpecSchema.parse({ name, url: `http://${name}:1/v1`, serves: [{ name: 'm' }], slots: slotsOf(name) }),
  }));

const jobs = fc.array(
  fc.record({
    at: fc.nat(5_000),
    run: fc.constantFrom('r1', 'r2', 'r3'),
    urgency: fc.double({ min: 0, max: 1, noNaN: true }),
    firstMs: fc.nat(800),
    restMs: fc.nat(800),
    mayHedge: fc.boolean(),
    abortAfter: fc.option(fc.nat(2_000)),
    deadlineAfter: fc.option(fc.integer({ min: 1, max: 20_000 })),
    begins: fc.boolean(),
    troubles: fc.array(fc.constantFrom<TroubleKind>('unreachable', 'busy', 'broken', 'timeout', 'refused'), {
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 25 },
);
const strikes = fc.array(
  fc.record({
    at: fc.nat(6_000),
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom('lose', 'drain', 'back', 'down', 'up'),
  }),
  { maxLength: 12 },
);

/** What nodes saw, checked as it happens. */
class Witness {
  readonly inFlight = new Map<string, number>();
  readonly broken: string[] = [];

  enter({ node: { name } }: NodeLease): void {
    const there = (this.inFlight.get(name) ?? 0) + 1;
    this.inFlight.set(name, there);
    if (there > slotsOf(name)) this.broken.push(`node-pool.1: ${there} at ${name}`);
  }

  leave({ node: { name } }: NodeLease): void {
    this.inFlight.set(name, this.inFlight.get(name)! - 1);
  }
}

function strike(
  pool: NodePool,
  clock: VirtualClock,
  alive: Set<string>,
  { name, kind }: { name: string; kind: string },
): void {
  if (kind === 'lose') alive.delete(name);
  else if (kind === 'back') alive.add(name);
  if (kind === 'drain') pool.drain(name);
  else if (kind === 'down' || kind === 'up')
    pool.noteLoad(name, {
      at: clock.now(),
      isUp: kind === 'up',
      note: 'struck',
      running: null,
      waiting: null,
      kvUse: null,
      models: null,
    });
  else pool.setNodes(nodes(alive));
}

describe('laws of a pool of nodes', () => {
  // node-pool.1–2, node-pool.4, node-pool.6–7
  it('keeps slots, ends every job once, and gives every slot back, whatever happens to jobs and nodes', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, strikes, async (all, events) => {
        const clock = new VirtualClock(1_000);
        const pool = createNodePool({ clock, random: seededPoolRandom('laws'), hedgeShare: 1, patienceMs: 500 });
        const alive = new Set<string>(NAMES);
        pool.setNodes(nodes(alive));
        // Only with some calls behind it does a pool know what is slow, and hedges.
        for (let i = 0; i < 20; i++) {
          const quick = {
            model: 'm',
            place: { run: 'w', stream: `w${i}`, urgency: 0, deadline: null },
            prefix: [],
            inputTokens: 10,
            maxTokens: 10,
            mayHedge: false,
            signal: new AbortController().signal,
          };
          await pool.run(quick, async (lease) => clock.sleep(100).then(() => lease.began()));
        }
        const seen = new Witness();
        const broken: string[] = [];
        const struck = events.map(async (event) => {
          await clock.sleep(event.at);
          strike(pool, clock, alive, event);
        });
        const runs = all.map(async (one, i) => {
          await clock.sleep(one.at);
          const stop = new AbortController();
          const over = new AbortController();
          if (one.abortAfter !== null)
            clock.sleep(one.abortAfter, over.signal).then(
              () => stop.abort(new Error('stopped')),
              () => undefined,
            );
          const told: NodeChoice[] = [];
          const going = new Set<NodeLease>();
          let tries = 0;
          const work = async (lease: NodeLease) => {
            seen.enter(lease);
            try {
              const fault = one.troubles[tries++];
              await clock.sleep(one.firstMs, lease.signal);
              if (one.begins) {
                lease.began();
                going.add(lease);
                const both = [...going].filter((other) => !other.signal.aborted).length;
                if (both > 1) broken.push(`node-pool.4: ${both} answers of job ${i}`);
              }
              await clock.sleep(one.restMs, lease.signal);
              if (fault) throw new NodeTrouble(fault, 'drawn');
              return i;
            } finally {
              going.delete(lease);
              seen.leave(lease);
            }
          };
          const place = {
            run: one.run,
            stream: `s${i}`,
            urgency: one.urgency,
            deadline: one.deadlineAfter === null ? null : clock.now() + one.deadlineAfter,
          };
          const end = await pool
            .run(
              {
                model: 'm',
                place,
                prefix: [],
                inputTokens: 10,
                maxTokens: 10,
                mayHedge: one.mayHedge,
                signal: stop.signal,
                onChoice: (choice) => told.push(choice),
              },
              work,
            )
            .then(
              (result) => ({ value: result.value, choices: result.choices }),
              (error: unknown) => ({ error, choices: null }),
            );
          over.abort();
          if ('value' in end) {
            expect(end.value).toBe(i);
            expect(end.choices).toEqual(told);
            expect(told.filter((choice) => choice.outcome === 'ok')).toHaveLength(1);
          } else expect(end.error).toBeInstanceOf(Error);
          expect(told.every((choice) => choice.considered.length > 0 && choice.picked !== null)).toBe(true);
          return 'ended';
        });
        expect(await Promise.all(runs)).toEqual(all.map(() => 'ended'));
        await Promise.all(struck);
        await clock.sleep(1);
        expect([...seen.broken, ...broken]).toEqual([]);
        expect([...seen.inFlight.values()].every((there) => there === 0)).toBe(true);
        expect(pool.views().every((view) => view.inFlight === 0 && view.queued === 0)).toBe(true);
        await pool.close();
      }),
      { numRuns: 150 },
    );
  });

  it('loses no job while one node that can take it stays (node-pool.5)', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, strikes, async (all, events) => {
        const clock = new VirtualClock(1_000);
        const pool = createNodePool({ clock, random: seededPoolRandom('laws') });
        const alive = new Set<string>(NAMES);
        pool.setNodes(nodes(alive));
        const struck = events
          .filter(({ name }) => name !== 'd')
          .map(async (event) => {
            await clock.sleep(event.at);
            strike(pool, clock, alive, event);
          });
        const runs = all.map(async (one, i) => {
          await clock.sleep(one.at);
          const place = { run: one.run, stream: `s${i}`, urgency: one.urgency, deadline: null };
          const work = async (lease: NodeLease) => clock.sleep(one.firstMs, lease.signal).then(() => i);
          return (
            await pool.run(
              {
                model: 'm',
                place,
                prefix: [],
                inputTokens: 10,
                maxTokens: 10,
                mayHedge: one.mayHedge,
                signal: new AbortController().signal,
              },
              work,
            )
          ).value;
        });
        expect(await Promise.all(runs)).toEqual(all.map((_, i) => i));
        await Promise.all(struck);
      }),
      { numRuns: 150 },
    );
  });

  it('makes the same choices of the same jobs (S8)', async () => {
    const play = async () => {
      const clock = new VirtualClock(1_000);
      const pool = createNodePool({ clock, random: seededPoolRandom('same') });
      pool.setNodes(nodes(NAMES));
      const runs = Array.from({ length: 30 }, (_, i) =>
        pool.run(
          {
            model: 'm',
            place: { run: 'r', stream: `s${i}`, urgency: 0, deadline: null },
            prefix: [],
            inputTokens: 10,
            maxTokens: 10,
            mayHedge: false,
            signal: new AbortController().signal,
          },
          async () => clock.sleep(100),
        ),
      );
      return (await Promise.all(runs)).map(({ choices }) => choices);
    };
    expect(await play()).toEqual(await play());
  });
});
