import type { Json, Output } from '@praxis/core';
import { resultLines, savingHint } from './result-lines.js';

const file = { $artifact: 'a'.repeat(64), size: 1_536, mediaType: 'text/markdown', name: 'report.md' };
const output = (value: Json, artifacts: Output['artifacts'] = []): Output => ({ value, artifacts, taint: [] });

describe('resultLines', () => {
  it('says nothing of a run that gave nothing', () => expect(resultLines(null)).toEqual([]));

  it('shows a value as people read it, and the files with their sizes', () =>
    expect(resultLines(output({ rows: 3 }, [file]))).toEqual([
      '',
      'result',
      '  {',
      '    "rows": 3',
      '  }',
      '',
      'files',
      '  report.md  1.5 KB  text/markdown',
    ]));

  it('shows a text as it is, without what a terminal obeys', () =>
    expect(resultLines(output('one\n\u001b[31mtwo'))).toEqual(['', 'result', '  one', '   [31mtwo']));

  it('cuts what is long, and says so', () => {
    const lines = resultLines(output(Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n')));
    expect(lines).toHaveLength(43);
    expect(lines.at(-1)).toContain('60 more lines');
  });
});

describe('savingHint', () => {
  it('tells how to save files, where there are some', () => {
    expect(savingHint('r-1', output(1, [file]))).toBe('save the files with: praxis artifacts r-1 --save DIR');
    expect(savingHint('r-1', output(1))).toBeNull();
  });
});
