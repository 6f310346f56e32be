import type { ChatRequest, ToolUse } from '@praxis/core';
import type { NodeClient } from '../client/node-client.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { NodeTrouble, ToolsRefused } from '../node-trouble.js';
import { ToolClient } from './tool-client.js';
import { ToolSupport } from './tool-support.js';

const tools = [{ name: 'shop.look', summary: '', parameters: { type: 'object' } }];
const request: ChatRequest = {
  messages: [{ role: 'user', content: 'go' }],
  stable: 0,
  maxTokens: 100,
  tools,
  toolChoice: 'required',
};
const raw = (text: string, more: Partial<RawAnswer> = {}): RawAnswer => ({
  text,
  reasoning: '',
  calls: [],
  finish: 'stop',
  usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
  saysCached: false,
  ...more,
});
const called = raw('', { calls: [{ id: 'a', name: 'shop_look', args: '{}' }], finish: 'tool-calls' });
const form = raw('{"thought":"t","call":{"skill":"shop.look","args":{}}}');

/** A client of an endpoint that does one thing with tools, and answers forms. */
function scene(withTools: RawAnswer | Error, said?: ToolUse) {
  const asked: ('tools' | 'form')[] = [];
  let now = 0;
  const chat: NodeClient['chat'] = async (_node, _model, { tools: sent }) => {
    asked.push(sent === undefined ? 'form' : 'tools');
    if (sent === undefined) return form;
    if (withTools instanceof Error) throw withTools;
    return withTools;
  };
  const client = new ToolClient({ chat, embed: () => Promise.reject(new Error('no')) }, () => now);
  const node = {
    name: 'n',
    url: 'http://n/v1',
    engine: 'unknown' as const,
    key: null,
    ...(said && { tools: { m: said } }),
  };
  const signal = new AbortController().signal;
  return {
    asked,
    ask: (more: Partial<ChatRequest> = {}) => client.chat(node, 'm', { ...request, ...more }, { signal }),
    use: () => client.toolUse(node, 'm'),
    wait: (ms: number) => (now += ms),
  };
}
const names = ({ calls }: RawAnswer): readonly string[] => calls.map(({ name }) => name);

describe('calls of tools on any endpoint', () => {
  it('come natively where it takes tools, and are known to from then on (tool-client.1, tool-support.2)', async () => {
    const { ask, asked, use } = scene(called);
    expect(use()).toBe('unknown');
    expect(names(await ask())).toEqual(['shop_look']);
    expect([use(), asked]).toEqual(['native', ['tools']]);
  });

  it('come by a form at once where it refuses tools, and for ten minutes after (tool-client.2, tool-support.2)', async () => {
    const { ask, asked, use, wait } = scene(new ToolsRefused('refused', 'no tools'));
    expect(await ask()).toMatchObject({ text: 't', calls: [{ name: 'shop.look', args: '{}' }] });
    await ask();
    expect([use(), asked]).toEqual(['none', ['tools', 'form', 'form']]);
    wait(600_000);
    await ask();
    expect(asked.slice(3)).toEqual(['tools', 'form']);
  });

  it('come by a form the next time where it overlooks tools (tool-support.2)', async () => {
    const { ask, asked } = scene(raw('I would look around.'));
    expect(names(await ask())).toEqual([]);
    expect(names(await ask())).toEqual(['shop.look']);
    expect(asked).toEqual(['tools', 'form']);
  });

  it('that did not come once from a model that calls are its slip; so is an answer that was cut', async () => {
    const slips = [raw(''), raw('Hm, let me th', { finish: 'length' }), raw('<tool_call>{"name"')];
    const answers = [...slips, called, raw('Hm.'), ...slips];
    const chat: NodeClient['chat'] = async () => answers.shift()!;
    const client = new ToolClient({ chat, embed: () => Promise.reject(new Error('no')) }, () => 0);
    const node = { name: 'n', url: 'http://n/v1', engine: 'unknown' as const, key: null };
    const uses: ToolUse[] = [];
    while (answers.length > 0) {
      await client.chat(node, 'm', request, { signal: new AbortController().signal });
      uses.push(client.toolUse(node, 'm'));
    }
    expect(uses).toEqual([...slips.map(() => 'unknown'), ...Array.from({ length: 5 }, () => 'native')]);
  });

  it('are asked for as the owner of the node says, whatever is found (tool-support.1)', async () => {
    const none = scene(called, 'none');
    await none.ask();
    expect(none.asked).toEqual(['form']);
    const native = scene(raw('I would look around.'), 'native');
    await native.ask();
    await native.ask();
    expect(native.asked).toEqual(['tools', 'tools']);
    // A wrong word costs a request each time, and no run.
    const wrong = scene(new ToolsRefused('refused', 'no tools'), 'native');
    for (let i = 0; i < 2; i += 1) expect(names(await wrong.ask())).toEqual(['shop.look']);
    expect(wrong.asked).toEqual(['tools', 'form', 'tools', 'form']);
    const support = new ToolSupport(() => 0);
    const node = {
      url: 'http://n/v1',
      engine: 'vllm' as const,
      otherTools: 'none' as const,
      tools: { a: 'native' as const },
    };
    expect([support.of(node, 'a'), support.of(node, 'b')]).toEqual(['native', 'none']);
  });

  it('are read out of the text where the server left them there (tool-client.3)', async () => {
    const text = 'Let me look.\n<tool_call>{"name":"shop.look","arguments":{}}</tool_call>';
    const { ask, use } = scene(raw(text));
    expect(await ask()).toMatchObject({ text: 'Let me look.', said: text, calls: [{ name: 'shop.look' }] });
    expect(use()).toBe('unknown');
    const answer = { name: 'a', schema: { type: 'object' } };
    // JSON that was asked for as an answer is no call, even if it looks like one.
    const json = raw('{"name":"shop.look","arguments":{}}');
    expect(names(await scene(json).ask({ toolChoice: 'auto', answer }))).toEqual([]);
    expect(names(await scene(json).ask({ toolChoice: 'auto' }))).toEqual(['shop.look']);
  });

  it('are left alone where none may come; other troubles are those of the node', async () => {
    expect(names(await scene(raw('<tool_call>{"name":"shop.look"}</tool_call>')).ask({ toolChoice: 'none' }))).toEqual(
      [],
    );
    const broken = scene(new NodeTrouble('refused', 'bad request'));
    await expect(broken.ask()).rejects.toThrow('bad request');
    expect([broken.use(), broken.asked]).toEqual(['unknown', ['tools']]);
  });
});
