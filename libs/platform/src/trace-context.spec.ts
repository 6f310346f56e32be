import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, context, trace, type Context } from '@opentelemetry/api';
import { activeTraceparent, withTraceparent } from './trace-context.js';

const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('withTraceparent', () => {
  afterEach(() => context.disable());

  it('does the work where no tracing is installed, whatever the text', () => {
    for (const text of [null, 'nonsense', PARENT]) expect(withTraceparent(text, () => 7)).toBe(7);
    expect(activeTraceparent()).toBeNull();
  });

  it('carries a trace over, also past an await', async () => {
    const store = new AsyncLocalStorage<Context>();
    context.setGlobalContextManager({
      active: () => store.getStore() ?? ROOT_CONTEXT,
      with: (ctx, fn, self, ...args) => store.run(ctx, () => fn.call(self as never, ...args)),
      bind: (_ctx, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    await withTraceparent(PARENT, async () => {
      await Promise.resolve();
      expect(trace.getActiveSpan()?.spanContext().traceId).toBe('a'.repeat(32));
      expect(activeTraceparent()).toBe(PARENT);
    });
    expect(activeTraceparent()).toBeNull();
  });
});
