import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ChatRequest, Json, JsonSchema } from '@praxis/core';
import type { NodeClient } from '../client/node-client.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { schemaCheck } from '../client/schema-check.js';
import { settleAnswer, type Settled } from '../client/settle-answer.js';
import { skillSchema } from './skill-schema.js';
import { ToolClient } from './tool-client.js';
import { wireNames } from './wire-names.js';

type Args = { readonly [key: string]: Json };
interface Tool {
  readonly name: string;
  readonly summary: string;
  readonly parameters: JsonSchema;
}

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/bfcl', import.meta.url));
const isHere = existsSync(FOLDER);
const TYPES: Readonly<Record<string, string>> = { dict: 'object', float: 'number' };

/** A schema in the words of JSON Schema: the catalogue has Python's names of types. */
function typed(value: Json): Json {
  if (Array.isArray(value)) return value.map((part: Json) => typed(part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'type' && typeof part === 'string' ? (TYPES[part] ?? part) : typed(part as Json),
    ]),
  );
}

function readTools(): readonly Tool[] {
  const lines = readdirSync(`${FOLDER}/func_doc`).flatMap((file) =>
    readFileSync(`${FOLDER}/func_doc/${file}`, 'utf8').split('\n'),
  );
  const documents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { name: string; description: string; parameters: Json });
  return documents.map(({ name, description, parameters }) => ({
    name,
    summary: description,
    parameters: typed(parameters) as JsonSchema,
  }));
}

const PART = /\s*([a-z_]\w*)=('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,()]+)\s*(?:,|\)$)/gy;

/** A call as Python writes it, with keywords only; null where it has arguments without names. */
function readCall(text: string): { readonly name: string; readonly args: Args } | null {
  const [, name, rest] = /^(\w+)\(([\s\S]*\))$/.exec(text) ?? [];
  if (name === undefined) return null;
  const parts = [...rest!.matchAll(PART)];
  if (parts.map(([whole]) => whole).join('').length !== rest!.length && rest !== ')') return null;
  return { name, args: Object.fromEntries(parts.map(([, key, value]) => [key!, readValue(value!)])) };
}

function readValue(text: string): Json {
  const words: Readonly<Record<string, Json>> = { True: true, False: false, None: null };
  if (text in words) return words[text]!;
  if (text.startsWith("'")) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  return JSON.parse(text.replace(/'([^']*)'/g, '"$1"')) as Json;
}

interface Task {
  readonly ground_truth: readonly (readonly string[])[];
}
const calls = (): readonly { readonly name: string; readonly args: Args }[] =>
  (JSON.parse(readFileSync(`${FOLDER}/multi_turn_base.json`, 'utf8')) as { tasks: readonly Task[] }).tasks
    .flatMap(({ ground_truth }) => ground_truth.flat())
    .map(readCall)
    .filter((call) => call !== null);

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

(isHere ? describe : describe.skip)(
  'published calls of functions (skipped where ../shared/data/bfcl is missing)',
  () => {
    const tools = isHere ? readTools() : [];

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
      expect(calls().length).toBeGreaterThan(100);
    });

    it.each(Object.keys(DELIVERIES))(
      'come out as they were meant %s, and lack nothing without being told',
      async (delivery) => {
        for (const { name, args } of calls()) {
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
