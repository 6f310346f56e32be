import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ChatRequest, Json, JsonSchema } from '@praxis/core';
import type { RawAnswer } from './raw-answer.js';
import { SchemaCheck } from './schema-check.js';
import { settleAnswer } from './settle-answer.js';

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly response_format: { readonly json_schema: { readonly name: string; readonly schema: JsonSchema } };
  };
  readonly answer: { readonly content: string } | null;
}

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/model', import.meta.url));
const exchanges = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Exchange)
      .filter(({ answer }) => answer !== null)
  : [];

const check = new SchemaCheck();
const ajv = new Ajv2020({ strict: false });
const raw = (text: string, more: Partial<RawAnswer> = {}): RawAnswer => ({
  text,
  reasoning: '',
  calls: [],
  finish: 'stop',
  usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
  saysCached: false,
  ...more,
});

/** The ways in which endpoints were seen to deliver one structured answer. */
const DELIVERIES: Readonly<Record<string, (content: string, name: string) => RawAnswer>> = {
  'as it is': (content) => raw(content),
  'in a fence, with words around it': (content) => raw(`Sure.\n\n\`\`\`json\n${content}\n\`\`\`\n\nI hope this helps.`),
  'as a call of a tool that has the name of the schema': (content, name) =>
    raw('', { calls: [{ id: 'a', name, args: content }], finish: 'tool-calls' }),
  'as reasoning, by a parser that took it for that': (content) => raw('', { reasoning: content }),
};

(exchanges.length > 0 ? describe : describe.skip)(
  'recorded answers (skipped where ../shared/data/model is missing)',
  () => {
    it.each(Object.keys(DELIVERIES))('say the same %s', (delivery) => {
      let fitting = 0;
      for (const { name, request, answer } of exchanges) {
        const { name: kind, schema } = request.response_format.json_schema;
        const asked: ChatRequest = { messages: [], stable: 0, maxTokens: 2_048, answer: { name: kind, schema } };
        const value = JSON.parse(answer!.content) as Json;
        const settled = settleAnswer(DELIVERIES[delivery]!(answer!.content, kind), asked, check);
        const fits = ajv.validate(schema, value);
        if (fits) fitting += 1;
        expect([name, settled.answer?.value ?? null]).toEqual([name, fits ? value : null]);
        if (!fits) expect(settled.faults?.length).toBeGreaterThan(0);
      }
      expect(fitting).toBeGreaterThan(20);
    });

    it('that were cut off anywhere are a fault that says so, and never half an answer', () => {
      for (const { request, answer } of exchanges) {
        const { name, schema } = request.response_format.json_schema;
        const asked: ChatRequest = { messages: [], stable: 0, maxTokens: 2_048, answer: { name, schema } };
        for (const share of [0.1, 0.5, 0.9, 0.99]) {
          const text = answer!.content.slice(0, Math.floor(answer!.content.length * share));
          expect(settleAnswer(raw(text, { finish: 'length' }), asked, check).faults?.[0]).toMatch(/cut off/);
        }
      }
    });
  },
);
