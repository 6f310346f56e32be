import { tableLines } from './table.js';

const COLUMNS = [{ head: 'goal' }, { head: 'steps', align: 'right' as const }];

describe('tableLines', () => {
  it('lines up names on the left and numbers on the right', () => {
    expect(
      tableLines(
        COLUMNS,
        [
          ['a', '7'],
          ['breakfast', '123456'],
        ],
        80,
      ),
    ).toEqual(['goal        steps', '─────────  ──────', 'a               7', 'breakfast  123456']);
  });

  it('moves the columns together before it cuts anything', () => {
    expect(tableLines(COLUMNS, [['breakfast', '7']], 15)[2]).toBe('breakfast     7');
  });

  it('cuts the name and never a number where the window is too small', () => {
    const lines = tableLines(COLUMNS, [['a very long title of a goal', '123456']], 20);
    expect(lines[2]).toBe('a very long … 123456');
    expect(lines.every((l) => l.length <= 20)).toBe(true);
  });

  it('is a heading alone where there are no rows', () => {
    expect(tableLines(COLUMNS, [], 80)).toEqual(['goal  steps', '────  ─────']);
  });
});
