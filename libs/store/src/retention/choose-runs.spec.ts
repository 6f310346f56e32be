import * as fc from 'fast-check';
import { referrersFirst } from '../referrers-first.js';
import { chooseRuns, removable, type EndedRun, type Need } from './choose-runs.js';

const id = fc.integer({ min: 0, max: 12 }).map(String);
const needs = fc.array(fc.record({ used: id, user: id }), { maxLength: 20 });

describe('removable', () => {
  it('lets nothing go that somebody needs who stays, and keeps nothing without such a need', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id), needs, (wanted, all) => {
        const own = all.filter((n) => n.used !== n.user);
        const going = removable(wanted, own);
        for (const { used, user } of own) if (going.has(used)) expect(going.has(user)).toBe(true);
        for (const kept of wanted.filter((w) => !going.has(w)))
          expect(own.some((n: Need) => n.used === kept && !going.has(n.user))).toBe(true);
      }),
    );
  });
});

describe('chooseRuns', () => {
  const run = fc.record({ endedAt: fc.nat(20), bytes: fc.nat(50) });
  const runsOf = (drawn: readonly { endedAt: number; bytes: number }[]): (EndedRun & { bytes: number })[] =>
    drawn.map((r, i) => ({ ...r, id: `r-${i}` }));

  it('takes all that is old, then the oldest until what stays is small enough, and no more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(run),
        fc.option(fc.nat(20)),
        fc.option(fc.nat(300)),
        async (drawn, endedBefore, maxBytes) => {
          const runs = runsOf(drawn);
          const staying = (chosen: readonly string[]): number =>
            runs.filter((r) => !chosen.includes(r.id)).reduce((sum, r) => sum + r.bytes, 0);
          const chosen = await chooseRuns(runs, { endedBefore, maxBytes }, async (ids) => staying(ids));
          for (const r of runs) if (endedBefore !== null && r.endedAt <= endedBefore) expect(chosen).toContain(r.id);
          const last = chosen.at(-1);
          if (maxBytes !== null) expect(staying(chosen)).toBeLessThanOrEqual(maxBytes);
          const lastEnded = runs.find((r) => r.id === last)?.endedAt ?? -1;
          for (const r of runs) if (!chosen.includes(r.id)) expect(r.endedAt).toBeGreaterThanOrEqual(lastEnded);
          if (last !== undefined && lastEnded > (endedBefore ?? -1))
            expect(staying(chosen.slice(0, -1))).toBeGreaterThan(maxBytes!);
        },
      ),
    );
  });
});

describe('referrersFirst', () => {
  it('names everything once, and nothing before what names it', () => {
    const graph = fc.array(fc.array(fc.nat(1000), { maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(graph, (drawn) => {
        // A text can only name texts that were there before it.
        const blobs = drawn.map((refs, i) => ({
          sha256: String(i),
          refs: i === 0 ? [] : refs.map((r) => String(r % i)),
        }));
        const order = referrersFirst(blobs);
        expect([...order].sort()).toEqual(blobs.map((b) => b.sha256).sort());
        for (const b of blobs)
          for (const ref of b.refs) expect(order.indexOf(b.sha256)).toBeLessThan(order.indexOf(ref));
      }),
    );
  });
});
