import { runSpan } from './span-ids.js';
import { brief, leaf, within, writeSpan } from './spans.js';
import { isTracing } from './tracing.js';

describe('without tracing', () => {
  it('work is done, and nothing is computed for a span (spans.4)', async () => {
    const find = (): never => {
      throw new Error('computed');
    };
    expect(isTracing()).toBe(false);
    expect(within(find, () => 'done')).toBe('done');
    expect(await leaf('a', {}, async (note) => (note({ x: 1 }), 'done'))).toBe('done');
    writeSpan(runSpan('r-1'), { name: 'run', startedAt: 0, endedAt: 1, attributes: {} });
  });
});

describe('brief', () => {
  it('leaves short texts as they are and cuts long ones', () => {
    expect(brief('short')).toBe('short');
    expect(brief('x'.repeat(500))).toHaveLength(200);
  });
});
