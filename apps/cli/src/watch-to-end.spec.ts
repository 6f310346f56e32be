import type { RunEvent } from '@praxis/core';
import type { WatchedEvent } from '@praxis/wire';
import { Printer } from './print.js';
import { runEvent } from './view/sample-run.js';
import { watchToEnd } from './watch-to-end.js';

const ended: RunEvent = {
  type: 'ended',
  outcome: 'done',
  reason: '',
  result: { value: { rows: 3 }, artifacts: [], taint: [] },
};

async function follow(events: readonly RunEvent[], hasSummary: boolean) {
  const lines: unknown[] = [];
  const print = new Printer({ write: (text: string) => lines.push(JSON.parse(text)) }, { write: () => undefined }, {});
  async function* watch(): AsyncGenerator<WatchedEvent> {
    for (const [at, event] of events.entries()) yield runEvent(event, at);
  }
  const code = await watchToEnd({ planner: { watch }, run: 'r-1', context: { print }, isJson: true, hasSummary });
  return { code, lines };
}

describe('a run that is followed as JSON', () => {
  it('ends with one line that says what came of it, where that is asked for', async () => {
    const { code, lines } = await follow([{ type: 'checked', holds: true } as RunEvent, ended], true);
    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toEqual({ run: 'r-1', outcome: 'done', reason: '', result: ended.result });
  });

  it('is nothing but its events otherwise', async () => expect((await follow([ended], false)).lines).toHaveLength(1));

  it('says that nothing is known of an end that it did not see', async () => {
    const { code, lines } = await follow([], true);
    expect(code).toBe(1);
    expect(lines).toEqual([{ run: 'r-1', outcome: null, reason: '', result: null }]);
  });

  it('fails where the run does', async () => {
    const { code, lines } = await follow([{ type: 'ended', outcome: 'failed', reason: 'no way' }], true);
    expect(code).toBe(1);
    expect(lines.at(-1)).toEqual({ run: 'r-1', outcome: 'failed', reason: 'no way', result: null });
  });
});
