import { jest } from '@jest/globals';
import { goalSchema } from '@praxis/core';
import { Printer } from '../print.js';
import { Board } from './board.js';

describe('Board', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function openBoard() {
    const written: string[] = [];
    const out = { write: (text: string) => written.push(text), isTTY: true, columns: 80, rows: 6 };
    const board = new Board(new Printer(out, out, {}), { mode: 'live', clock: () => 0 });
    const goal = goalSchema.parse({ title: 'breakfast', world: 'household' });
    for (let i = 0; i < 20; i++)
      board.learn(`r-${i}`, {
        kind: 'run',
        stream: `run/r-${i}`,
        position: 0,
        at: 0,
        event: { type: 'accepted', goal },
      });
    return { board, written };
  }

  it('draws no more lines than the window has (board.1)', () => {
    const { board, written } = openBoard();
    jest.advanceTimersByTime(1_000);
    board.close();
    const pictures = written.slice(0, -1);
    expect(pictures.length).toBeGreaterThan(5);
    for (const picture of pictures) expect(picture.split('\n').length - 1).toBeLessThan(6);
  });

  it('leaves its last picture, and writes nothing after it (board.2)', () => {
    const { board, written } = openBoard();
    board.close();
    const before = written.length;
    expect(written.at(-1)).toContain('breakfast');
    board.close();
    jest.advanceTimersByTime(1_000);
    expect(written).toHaveLength(before);
  });
});
