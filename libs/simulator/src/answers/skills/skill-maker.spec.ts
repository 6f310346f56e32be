import type { ChatMessage, ChatRequest, Json, ToolSpec } from '@praxis/core';
import type { AnswerMaker, MadeAnswer } from '../answer-maker.js';
import { SkillMaker } from './skill-maker.js';

const signal = new AbortController().signal;
const otherwise: AnswerMaker = {
  answer: async () => ({ kind: 'text', text: 'nothing to do with skills' }),
  close: async () => undefined,
};
const maker = new SkillMaker(otherwise, '1');
const object = (properties: Record<string, Json>, required: readonly string[] = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const tool = (name: string, parameters: Json = object({})): ToolSpec => ({
  name,
  summary: '',
  parameters: parameters as ToolSpec['parameters'],
});
const text = { type: 'string' };
const tools = [
  tool('list_invoices', object({ status: { enum: ['open', 'overdue', 'paid'] } })),
  tool('send_reminder', object({ invoice_id: text, note: text }, ['invoice_id'])),
  tool('done'),
  tool('ask', object({ question: text })),
];
const user = (content: string): ChatMessage => ({ role: 'user', content });
const ask = (messages: readonly ChatMessage[], more: Partial<ChatRequest> = {}): Promise<MadeAnswer> =>
  maker.answer({ messages, stable: 0, maxTokens: 1_000, tools, toolChoice: 'required', ...more }, signal);

/** Answers calls by a table of results until it calls something that has none; gives the calls in their order. */
async function play(
  request: string,
  results: (name: string, args: unknown) => string | undefined,
  more: Partial<ChatRequest> = {},
): Promise<readonly string[]> {
  const messages: ChatMessage[] = [user(request)];
  const made: string[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = await ask(messages, more);
    if (answer.kind !== 'tools') return [...made, answer.kind];
    const [{ name, args }] = answer.calls as [{ name: string; args: Record<string, Json> }];
    made.push(`${name} ${JSON.stringify(args)}`);
    const result = results(name, args);
    if (result === undefined) return made;
    const id = `c${turn}`;
    messages.push({ role: 'assistant', content: answer.text ?? '', toolCalls: [{ id, name, args }] });
    messages.push({ role: 'tool', call: id, name, content: result });
  }
  return made;
}

const invoices = (name: string): string | undefined =>
  name === 'list_invoices'
    ? '{"invoices":[{"id":"inv-1","customer":"Ann"},{"id":"inv-3","customer":"Bob"}]}'
    : name === 'send_reminder'
      ? '{"sent":true,"invoice_id":"inv-1"}'
      : undefined;

describe('the choice of skills by rules', () => {
  it('lists, then works through every entry once, then is done (skill-maker.1, skill-maker.2)', async () => {
    expect(await play('Remind every customer with an overdue invoice.', invoices)).toEqual([
      'list_invoices {"status":"overdue"}',
      'send_reminder {"invoice_id":"inv-1"}',
      'send_reminder {"invoice_id":"inv-3"}',
      'done {}',
    ]);
  });

  it('takes arguments from the words of the request, by their names and kinds', async () => {
    const load = tool(
      'load',
      object({ path: text, limit: { type: 'integer' }, deep: { type: 'boolean' } }, ['path', 'limit']),
    );
    const fetch = tool('fetch', object({ url: text }));
    const more = { tools: [load, fetch, tool('done')] };
    const end = (): undefined => undefined;
    expect(await play('Profile sales.csv, limit=20, deep=true', end, more)).toEqual([
      'load {"path":"sales.csv","limit":20,"deep":true}',
    ]);
    expect(await play('Check https://example.org/a?b=1.', end, more)).toEqual([
      'fetch {"url":"https://example.org/a?b=1"}',
    ]);
  });

  it('asks where nothing can be filled, and never makes a call up (skill-maker.2)', async () => {
    expect(await play('Please help.', invoices)).toEqual([expect.stringMatching(/^ask \{"question":"What are/)]);
    expect(await play('Please help.', invoices, { tools: tools.slice(0, 3) })).toEqual(['done {}']);
  });

  it('says so in words where no call is demanded, and leaves requests without skills to others', async () => {
    const answer = await ask([user('Please help.')], { tools: tools.slice(0, 2), toolChoice: 'auto' });
    expect(answer).toEqual({ kind: 'text', text: 'Everything that can be called was called.' });
    for (const more of [{ toolChoice: 'none' as const }, { tools: [] }])
      expect(await ask([user('x')], more)).toEqual({ kind: 'text', text: 'nothing to do with skills' });
  });

  it('does the same where the skills are branches of a schema, and results stand in blocks', async () => {
    const branch = ({ name, parameters }: ToolSpec): Json => ({
      type: 'object',
      properties: { skill: { const: name }, args: parameters },
    });
    const answer = {
      name: 'skill_call',
      schema: {
        type: 'object',
        properties: { thought: text, call: { anyOf: tools.map(branch) } },
      },
    };
    const {
      tools: _,
      toolChoice: __,
      ...request
    }: ChatRequest = { messages: [], stable: 0, maxTokens: 9, tools, answer };
    const said = async (messages: readonly ChatMessage[]): Promise<unknown> => {
      const made = await maker.answer({ ...request, messages }, signal);
      return made.kind === 'text' ? (JSON.parse(made.text) as { call: unknown }).call : made;
    };
    const first = user('Remind every customer with an overdue invoice.');
    expect(await said([first])).toEqual({ skill: 'list_invoices', args: { status: 'overdue' } });
    expect(
      await said([
        first,
        { role: 'assistant', content: '{"thought":"","call":{"skill":"list_invoices","args":{"status":"overdue"}}}' },
        user('What list_invoices answered:\n\n```result\n{"invoices":[{"id":"inv-7"}]}\n```'),
      ]),
    ).toEqual({ skill: 'send_reminder', args: { invoice_id: 'inv-7' } });
    expect(
      await said([
        user(
          '```request\nRemind every overdue one.\n```\n\n```results\nlist_invoices {"status":"overdue"} -> {"invoices":[{"id":"inv-8"}]}\nsend_reminder {"invoice_id":"inv-8"} -> ok: {}\n```',
        ),
      ]),
    ).toEqual({ skill: 'done', args: {} });
  });
});
