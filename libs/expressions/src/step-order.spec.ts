import * as fc from 'fast-check';
import { scriptStepSchema, type ScriptStepInput } from '@praxis/core';
import { stepOrder } from './step-order.js';

const order = (steps: readonly ScriptStepInput[], inOrder = true): Record<string, readonly string[]> =>
  Object.fromEntries(
    stepOrder(
      steps.map((s) => scriptStepSchema.parse(s)),
      { inOrder },
    ),
  );

describe('stepOrder', () => {
  it('follows what is named and referred to, wherever it stands (step-order.1)', () => {
    const steps: ScriptStepInput[] = [
      { id: 'a', do: 'x' },
      { id: 'b', do: 'x' },
      { id: 'c', do: 'x', after: ['a'] },
      { id: 'd', do: 'x', with: { text: 'of {{ b }}' } },
      { id: 'e', do: 'x', when: 'size(a) > 0', check: [{ expr: 'e == c' }] },
      { id: 'f', do: 'x', each: { of: '$d.rows' }, with: { row: '$item' } },
    ];
    expect(order(steps, false)).toEqual({ a: [], b: [], c: ['a'], d: ['b'], e: ['a', 'c'], f: ['d'] });
    expect(order(steps)).toMatchObject({ b: ['a'] });
  });

  it('goes in the order of the file where nothing is named (step-order.2)', () =>
    expect(order(['a', 'b', 'c'].map((id) => ({ id, do: 'x' })))).toEqual({ a: [], b: ['a'], c: ['b'] }));

  it('does nothing beside a question that is written before it (step-order.3)', () => {
    const steps: ScriptStepInput[] = [
      { id: 'plan', do: 'files.plan-moves' },
      { id: 'approve', do: 'ask.person', with: { question: 'Move {{ plan.moves.size }} files?' } },
      { id: 'move', do: 'files.move', each: { of: '$plan.moves' }, with: { from: '$item.from' } },
      { id: 'tell', do: 'note', after: ['plan'] },
    ];
    for (const inOrder of [true, false])
      expect(order(steps, inOrder)).toMatchObject({ move: ['plan', 'approve'], tell: ['plan', 'approve'] });
  });

  it('asks when all is there that is written before the question (step-order.3)', () => {
    const steps: ScriptStepInput[] = [
      { id: 'list', do: 'x' },
      { id: 'plan', do: 'x', with: { files: '$list' } },
      { id: 'preview', do: 'doc.write', with: { data: '$plan' } },
      { id: 'approve', do: 'ask.person', with: { question: '{{ plan.size }}?', show: ['dry-run.md'] } },
    ];
    expect(order(steps, false)['approve']).toEqual(['plan', 'preview']);
  });

  it('lets a question come after what it refers to, although that is written later (step-order.3, step-order.4)', () => {
    const steps: ScriptStepInput[] = [
      { id: 'ask', do: 'ask.person', with: { question: '{{ total }}?' } },
      { id: 'load', do: 'x' },
      { id: 'total', do: 'x', with: { rows: '$load' } },
      { id: 'send', do: 'x', with: { rows: '$load' } },
    ];
    expect(order(steps, false)).toEqual({ ask: ['total'], load: [], total: ['load'], send: ['ask', 'load'] });
  });

  it('orders five hundred questions', () => {
    const steps = Array.from({ length: 500 }, (_, i): ScriptStepInput => ({ id: `s${i}`, do: 'ask.person' }));
    expect(order(steps)['s499']).toContain('s498');
  });

  it('adds no circle, and holds all that can be held (step-order.3, step-order.4)', () => {
    const step = fc.record({ isQuestion: fc.boolean(), refers: fc.subarray([0, 1, 2, 3, 4, 5, 6]) });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 7 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
        (made, ranks) => {
          // A step refers only to what has a lower rank, so that what is written has no circle.
          const steps = made.map(({ isQuestion, refers }, i): ScriptStepInput => ({
            id: `s${i}`,
            do: isQuestion ? 'ask.person' : 'x',
            after: refers.filter((r) => r < made.length && ranks[r]! < ranks[i]!).map((r) => `s${r}`),
          }));
          const waits = order(steps, false);
          const done = new Set<string>();
          for (let moved = true; moved;) {
            const next = Object.keys(waits).find((id) => !done.has(id) && waits[id]!.every((b) => done.has(b)));
            moved = next !== undefined;
            if (moved) done.add(next!);
          }
          expect(done.size).toBe(steps.length);
          const before = (id: string): Set<string> => new Set(waits[id]!.flatMap((b) => [b, ...before(b)]));
          for (const [i, { id, do: skill }] of steps.entries())
            if (skill === 'ask.person')
              for (const [j, other] of steps.entries())
                expect(j === i || before(other.id).has(id) || before(id).has(other.id)).toBe(true);
        },
      ),
    );
  });
});
