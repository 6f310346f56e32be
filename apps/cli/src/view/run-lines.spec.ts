import { questionSchema } from '@praxis/core';
import { makePaint, plain, showLine, type Line } from './line.js';
import { boardLines, runLines } from './run-lines.js';
import { learnEvent, newModel, type RunModel } from './run-model.js';
import { FINISHED, RUN, runEvent, stepEvent, UNDER_WAY } from './sample-run.js';

const text = (lines: readonly Line[], width = 80): readonly string[] =>
  lines.map((l) => showLine(l, width, makePaint(false)));
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
    expect(text(runLines(finished, 'all', 99_000))).toEqual([
      '✓ household breakfast-a  2/2 subgoals, 2 steps, 1 failed, 1 replan, 8.0 s',
    ]);
  });

  it('says why a run failed', () => {
    const failed = learnEvent(going, runEvent({ type: 'ended', outcome: 'failed', reason: 'no way' }, 4));
    expect(text(runLines(failed, 'all', 9_000), 120)[0]).toMatch(/^✗ .* no way$/);
  });

  it('shows a run before its first event and before its plan', () => {
    expect(text(runLines(newModel('r-2', 'a name'), 'all', 0))).toEqual(['· a name  waiting, 0 steps']);
    expect(text(runLines(UNDER_WAY.slice(0, 2).reduce(learnEvent, newModel(RUN)), 'all', 1_000))[0]).toContain(
      'planning',
    );
  });

  it('shows what a person is asked and how to answer, until somebody did', () => {
    const question = questionSchema.parse({ id: 'q-1', kind: 'approval', text: 'May the fridge be opened?' });
    const asking = learnEvent(going, stepEvent('r-1.1.1.1', { type: 'asked', id: 'x', question }));
    expect(text(runLines(asking, 'all', 4_000), 100).slice(0, 3)).toEqual([
      '▶ household breakfast-a  0/2 subgoals, 2 steps, 1 failed, 1 replan, 3.0 s, 1 question',
      '  ? May the fridge be opened?',
      '    praxis answer q-1 --approve   (praxis approvals shows the other answers)',
    ]);
    expect(runLines(asking, 'head', 4_000)).toHaveLength(1);
    const answered = learnEvent(
      asking,
      runEvent(
        {
          type: 'answered',
          question: 'q-1',
          subgoal: 'r-1.1.1.1',
          answer: { verdict: 'approve', by: 'ann', reason: '', args: null, grant: null, value: null },
        },
        9,
      ),
    );
    expect(text(runLines(answered, 'all', 4_000))).toEqual(text(runLines(going, 'all', 4_000)));
  });

  it('says that a run is held back', () => {
    const paused = learnEvent(going, runEvent({ type: 'paused', by: 'user', reason: 'lunch' }, 9));
    expect(text(runLines(paused, 'head', 4_000), 120)).toEqual([
      '‖ household breakfast-a  0/2 subgoals, 2 steps, 1 failed, 1 replan, 3.0 s, paused: lunch',
    ]);
  });
});

describe('boardLines', () => {
  const eight: readonly RunModel[] = Array.from({ length: 8 }, () => going);

  it('shows everything where there is room, and less where there is not', () => {
    expect(boardLines(eight, [], 24, 0)).toHaveLength(24);
    expect(boardLines(eight, [], 23, 0)).toHaveLength(16);
    expect(boardLines(eight, [], 15, 0)).toHaveLength(8);
  });

  it.each([1, 2, 3, 5, 7])('never has more lines than a window of %d, footer included (board.1)', (rows) => {
    expect(boardLines([...eight, finished], [plain('footer')], rows + 1, 0).length).toBeLessThanOrEqual(rows + 1);
  });

  it('counts what it cannot show', () => {
    expect(text(boardLines([finished, ...eight], [], 4, 0)).at(-1)).toBe('  1 run finished, 5 more under way');
  });
});
