import * as fc from 'fast-check';
import { applyChange, diffStates, makeState, type WorldState } from '@praxis/core';
import {
  EMPTY_MEMORY,
  netChange,
  noteProblem,
  noteStep,
  segmentsOf,
  startSegment,
  viewMemory,
  type Memory,
  type MemoryStep,
} from './memory-view.js';

const world = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('(a)', '(b)', '(c x)', '(d)')),
    fc.dictionary(fc.constantFrom('(f)', '(g)'), fc.nat(3)),
  )
  .map(([facts, numbers]) => makeState(facts, numbers));
const worlds = fc.array(world, { minLength: 1, maxLength: 8 });
const changes = (path: readonly WorldState[]) => path.slice(1).map((after, i) => diffStates(path[i]!, after));
const step = (n: number, more: Partial<MemoryStep> = {}): MemoryStep => ({
  action: { skill: 'go', args: { to: `room${n}` } },
  outcome: 'ok',
  message: '',
  change: { added: [`(at room${n})`], removed: [`(at room${n - 1})`], numbers: {} },
  ...more,
});
const walk = (steps: number): Memory =>
  Array.from({ length: steps }, (_, i) => step(i + 1)).reduce(noteStep, EMPTY_MEMORY);

describe('netChange', () => {
  it('leads from the world before a stretch to the one after it (memory-view.2)', () => {
    fc.assert(
      fc.property(worlds, (path) => expect(applyChange(path[0]!, netChange(changes(path)))).toEqual(path.at(-1)!)),
    );
  });

  it('says nothing of what came and went again', () => {
    const [there, back] = [makeState(['(at hall)']), makeState(['(at study)'])];
    expect(netChange(changes([there, back, there]))).toEqual({ added: [], removed: [], numbers: {} });
  });
});

describe('segmentsOf', () => {
  it('gives all steps, in order and unchanged, however they were divided (memory-view.3)', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (isTurn) => {
        const memory = isTurn.reduce<Memory>(
          (m, turn, i) => (turn ? startSegment(m) : noteStep(m, step(i))),
          EMPTY_MEMORY,
        );
        expect(segmentsOf(memory).flat()).toEqual(memory.steps);
        expect(
          segmentsOf(memory)
            .slice(0, -1)
            .every((s) => s.length > 0),
        ).toBe(true);
      }),
    );
  });
});

describe('viewMemory', () => {
  it('shows what a step that went well was answered, in short, and not that it was done', () => {
    const none = { added: [], removed: [], numbers: {} };
    const line = (message: string): string =>
      viewMemory(noteStep(EMPTY_MEMORY, step(1, { message, change: none })), 'full').done[0]!;
    expect(line('You see a lamp\nand a door.')).toBe(
      '(go room1) -> ok: nothing changed; answered: You see a lamp and a door.',
    );
    for (const empty of ['', 'done', 'ok', 'did (go room1)'])
      expect(line(empty)).toBe('(go room1) -> ok: nothing changed');
    expect(line('x'.repeat(1_000)).length).toBeLessThan(220);
  });

  it('shows every step in full, with what came of it', () => {
    const memory = noteStep(
      walk(1),
      step(2, { outcome: 'not-applicable', message: 'it is locked', change: { added: [], removed: [], numbers: {} } }),
    );
    expect(viewMemory(memory, 'full').done).toEqual([
      '(go room1) -> ok: (at room1), no longer (at room0)',
      '(go room2) -> not-applicable: it is locked',
    ]);
    expect(
      viewMemory(noteStep(EMPTY_MEMORY, step(1, { change: { added: [], removed: [], numbers: {} } })), 'full').done,
    ).toEqual(['(go room1) -> ok: nothing changed']);
  });

  it('shows a stretch that is behind it as what came of it, and the present one in full', () => {
    const memory = noteStep(
      startSegment(noteStep(walk(3), step(3, { outcome: 'timeout', change: { added: [], removed: [], numbers: {} } }))),
      step(4),
    );
    expect(viewMemory(memory, 'hierarchical').done).toEqual([
      'steps 1 to 4 -> 1 failed: (at room3), no longer (at room0)',
      '(go room4) -> ok: (at room4), no longer (at room3)',
    ]);
  });

  it('shows a register that does not grow (memory-view.1)', () => {
    const size = (memory: Memory): number => viewMemory(memory, 'bounded').done.join('\n').length;
    const failing = (n: number): Memory =>
      Array.from({ length: n }, (_, i) =>
        step(i, {
          outcome: 'not-applicable',
          message: 'x'.repeat(1000),
          change: { added: Array.from({ length: 50 }, (_, k) => `(p${i} ${k})`), removed: [], numbers: {} },
        }),
      ).reduce(noteStep, EMPTY_MEMORY);
    expect(viewMemory(failing(300), 'bounded').done.length).toBe(viewMemory(failing(20), 'bounded').done.length);
    for (const n of [20, 300]) expect(size(failing(n))).toBeLessThanOrEqual(12 * 201);
    expect(size(walk(300))).toBeLessThan(size(walk(20)) + 50);
  });

  it('still tells of a dead end long behind it', () => {
    const memory = Array.from({ length: 50 }, (_, i) => step(i + 1)).reduce(
      noteStep,
      noteStep(EMPTY_MEMORY, step(9, { outcome: 'not-applicable' })),
    );
    expect(viewMemory(memory, 'bounded').done).toContain('dead end: (go room9) -> not-applicable');
  });

  it('shows what was wrong until the next step, each thing once', () => {
    const doubtful = noteProblem(noteProblem(noteProblem(walk(1), 'a'), 'b'), 'a');
    for (const kind of ['full', 'hierarchical', 'bounded'] as const)
      expect(viewMemory(doubtful, kind).problems).toEqual(['a', 'b']);
    expect(viewMemory(noteStep(doubtful, step(2)), 'full').problems).toEqual([]);
  });
});
