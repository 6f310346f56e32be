import { activeTraceparent, withTraceparent } from './trace-context.js';

describe('withTraceparent', () => {
  it.each([null, '', 'nonsense', '01-00-00-00', `00-${'g'.repeat(32)}-${'1'.repeat(16)}-01`])('does the work all the same where the traceparent is %j', (traceparent) => {
    expect(withTraceparent(traceparent, () => 'done')).toBe('done');
  });

  it('knows no trace outside of one', () => expect(activeTraceparent()).toBeNull());
});
