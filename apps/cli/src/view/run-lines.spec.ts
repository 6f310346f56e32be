import { makePaint, plain, showLine, type Line } from './line.js';
import { boardLines, runLines } from './run-lines.js';
import { learnEvent, newModel, type RunModel } from './run-model.js';
import { FINISHED, RUN, runEvent, UNDER_WAY } from './sample-run.js';

const text = (lines: readonly Line[], width = 80): readonly string[] => lines.map((l) => showLine(l, width, makePaint(false)));
const going = UNDER_WAY.reduce(learnEvent, newModel(RUN));
const finished = FINISHED.reduce(learnEvent, newModel(RUN));

describe('runLines', () => {
  it('shows the plan as a tree, with what is done for each subgoal', () => {
    expect(text(runLines(going, 'all', 4_000))).toEqual([
      '▶ household breakfast-a  0/2 subgoals, 2 steps, 1 failed, 1 replan, 3.0 s',
      '  ├ ▶ 1.1 robby title 1.1  2 steps, 1 failed  open robby fridge',
      '  └ · 1.2 robby title 1.2',
    ]);
  });

  it('shows only what is under way where room is short', () => {
    expect(text(runLines(going, 'active', 4_000))).toHaveLength(2);
  });

  it('folds a finished run into one line with the time it took', () => {
    expect(text(runLines(finished, 'all', 99_000))).toEqual(['✓ household breakfast-a  2/2 subgoals, 2 steps, 1 failed, 1 replan, 8.0 s']);
  });

  it('says why a run failed', () => {
    const failed = learnEvent(going, runEvent({ type: 'ended', outcome: 'failed', reason: 'no way' }, 4));
    expect(text(runLines(failed, 'all', 9_000), 120)[0]).toMatch(/^✗ .* no way$/);
  });

  it('shows a run before its first event and before its plan', () => {
    expect(text(runLines(newModel('r-2', 'a name'), 'all', 0))).toEqual(['· a name  waiting, 0 steps']);
    expect(text(runLines(UNDER_WAY.slice(0, 2).reduce(learnEvent, newModel(RUN)), 'all', 1_000))[0]).toContain('planning');
  });
});

describe('boardLines', () => {
  const eight: readonly RunModel[] = Array.from({ length: 8 }, () => going);

  it('shows everything where there is room, and less where there is not', () => {
    expect(boardLines(eight, [], 24, 0)).toHaveLength(24);
    expect(boardLines(eight, [], 23, 0)).toHaveLength(16);
    expect(boardLines(eight, [], 15, 0)).toHaveLength(8);
  });

  it.each([1, 2, 3, 5, 7])('never has more lines than a window of %d, footer included', (rows) => {
    expect(boardLines([...eight, finished], [plain('footer')], rows + 1, 0).length).toBeLessThanOrEqual(rows + 1);
  });

  it('counts what it cannot show', () => {
    expect(text(boardLines([finished, ...eight], [], 4, 0)).at(-1)).toBe('  1 run finished, 5 more under way');
  });
});
