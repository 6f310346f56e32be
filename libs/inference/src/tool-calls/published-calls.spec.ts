import type { ChatRequest } from '@praxis/core';
import {
  hasPublishedFunctions,
  NEEDS_PUBLISHED_FUNCTIONS,
  publishedCalls,
  publishedFunctions,
  type PublishedCall,
} from '@praxis/testing';
import type { NodeClient } from '../client/node-client.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { schemaCheck } from '../client/schema-check.js';
import { settleAnswer, type Settled } from '../client/settle-answer.js';
import { skillSchema } from './skill-schema.js';
import { ToolClient } from './tool-client.js';
import { wireNames } from './wire-names.js';

type Args = PublishedCall['args'];

const raw = (more: Partial<RawAnswer>): RawAnswer => ({
  text: '',
  reasoning: '',
  calls: [],
  finish: 'stop',
  usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
  saysCached: false,
  ...more,
});

/** The ways in which endpoints deliver one call. */
const DELIVERIES: Readonly<Record<string, (name: string, args: string) => Partial<RawAnswer>>> = {
  natively: (name, args) => ({ calls: [{ id: 'a', name, args }], finish: 'tool-calls' }),
  'in the text, marked': (name, args) => ({
    text: `Ok.\n<tool_call>{"name":"${name}","arguments":${args}}</tool_call>`,
  }),
  'in the text, as Llama writes them': (name, args) => ({ text: `{"name": "${name}", "parameters": ${args}}` }),
  'in a fence': (name, args) => ({ text: `Ok.\n\`\`\`json\n{"name":"${name}","arguments":${args}}\n\`\`\`` }),
  'as a structured answer': (name, args) => ({ text: `{"thought":"Ok.","call":{"skill":"${name}","args":${args}}}` }),
};

(hasPublishedFunctions ? describe : describe.skip)(
  `published calls of functions (${NEEDS_PUBLISHED_FUNCTIONS})`,
  () => {
    const tools = hasPublishedFunctions ? publishedFunctions() : [];

    async function settle(delivery: string, name: string, args: Args): Promise<Settled> {
      const request: ChatRequest = { messages: [], stable: 0, maxTokens: 100, tools, toolChoice: 'required' };
      const said = DELIVERIES[delivery]!(wireNames(tools).get(name) ?? name, JSON.stringify(args));
      const chat: NodeClient['chat'] = async () => raw(said);
      const use = delivery.startsWith('as a structured') ? 'none' : 'native';
      const node = { name: 'n', url: 'http://n/v1', engine: 'unknown', key: null, otherTools: use } as const;
      const client = new ToolClient({ chat, embed: () => Promise.reject(new Error('no')) });
      const signal = new AbortController().signal;
      return settleAnswer(await client.chat(node, 'm', request, { signal }), request, schemaCheck);
    }

    it('have schemas that can be used', () => {
      for (const { parameters } of tools) expect(skillSchema(parameters)).toHaveProperty('schema');
      expect(publishedCalls().length).toBeGreaterThan(100);
    });

    it.each(Object.keys(DELIVERIES))(
      'come out as they were meant %s, and lack nothing without being told',
      async (delivery) => {
        for (const { name, args } of publishedCalls()) {
          const { answer } = await settle(delivery, name, args);
          expect(answer?.toolCalls).toEqual([expect.objectContaining({ name, args })]);
          const required = (tools.find((tool) => tool.name === name)!.parameters['required'] ??
            []) as readonly string[];
          const left = required.find((key) => key in args);
          if (left === undefined) continue;
          const { [left]: _, ...rest } = args;
          expect((await settle(delivery, name, rest)).faults?.join()).toContain(`lacks the field \`${left}\``);
        }
      },
    );
  },
);
