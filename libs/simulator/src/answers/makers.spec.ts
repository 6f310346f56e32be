import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ChatRequest, JsonSchema } from '@praxis/core';
import { openAnswers } from './open-answers.js';
import { PlainMaker } from './plain-maker.js';
import { sampleJson } from './sample-json.js';
import { parseScript, ScriptedMaker } from './scripted-maker.js';

const signal = new AbortController().signal;
const request = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', content }],
  stable: 0,
  maxTokens: 100,
  ...more,
});

describe('sampleJson', () => {
  const schemas: readonly JsonSchema[] = [
    {
      type: 'object',
      properties: {
        a: { type: 'string', minLength: 40 },
        b: { type: 'integer', minimum: -3, maximum: 1 },
        c: { type: ['number', 'null'], minimum: 0, maximum: 1 },
      },
      required: ['a', 'b', 'c'],
      additionalProperties: false,
    },
    { type: 'array', items: { type: 'string', enum: ['x', 'y'] }, minItems: 3, maxItems: 3 },
    { anyOf: [{ type: 'boolean' }, { const: 7 }, { type: 'number', exclusiveMinimum: 2, exclusiveMaximum: 3 }] },
    {
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['next'],
        },
      },
      $ref: '#/$defs/node',
    },
    { type: 'array', items: { type: 'string', maxLength: 3 } },
  ];

  it('fits the schema, whatever the seed', () => {
    const ajv = new Ajv2020({ allowUnionTypes: true });
    for (const schema of schemas) {
      for (let seed = 0; seed < 50; seed++) {
        const value = sampleJson(schema, String(seed));
        const ok = ajv.validate(schema, value);
        expect({ ok, value, errors: ajv.errors }).toEqual({ ok: true, value, errors: null });
      }
    }
  });

  it('is the same for the same seed, and not for all', () => {
    expect(sampleJson(schemas[0]!, '1')).toEqual(sampleJson(schemas[0]!, '1'));
    expect(
      new Set(Array.from({ length: 20 }, (_, i) => JSON.stringify(sampleJson(schemas[0]!, String(i))))).size,
    ).toBeGreaterThan(5);
  });
});

describe('plain answers', () => {
  const tools = [
    {
      name: 'look',
      summary: '',
      parameters: { type: 'object', properties: { where: { type: 'string', enum: ['here'] } }, required: ['where'] },
    },
  ];

  it('says the words back, or as many words as it is told to', async () => {
    expect(await new PlainMaker({ text: 'echo', seed: '1' }).answer(request('Hello'))).toEqual({
      kind: 'text',
      text: 'Hello',
    });
    const lorem = await new PlainMaker({ text: { words: 7 }, seed: '1' }).answer(request('Hello'));
    expect(lorem).toEqual({ kind: 'text', text: expect.stringMatching(/^(\w+ ){6}\w+$/) });
  });

  it('calls a tool only where it has to, with arguments that fit', async () => {
    const maker = new PlainMaker({ text: 'echo', seed: '1' });
    expect(await maker.answer(request('Hello', { tools }))).toMatchObject({ kind: 'text' });
    expect(await maker.answer(request('Hello', { tools, toolChoice: 'required' }))).toEqual({
      kind: 'tools',
      calls: [{ name: 'look', args: { where: 'here' } }],
    });
    expect(await maker.answer(request('Hello', { tools, toolChoice: { name: 'look' } }))).toMatchObject({
      kind: 'tools',
    });
  });
});

describe('scripted answers', () => {
  const script = `
- { when: "^next_action$", times: 2, json: { action: done } }
- { when: bread, tool: { name: bake, args: { what: bread } } }
- { when: secret, refusal: "No." }
- text: What?
`;

  it('takes the first entry that fits the text or the name of the answer, as often as it may', async () => {
    const maker = new ScriptedMaker(parseScript(script, 'script.yaml'));
    const next = request('bread', { answer: { name: 'next_action', schema: {} } });
    expect(await maker.answer(next)).toEqual({ kind: 'text', text: '{"action":"done"}' });
    expect(await maker.answer(next)).toEqual({ kind: 'text', text: '{"action":"done"}' });
    expect(await maker.answer(next)).toEqual({ kind: 'tools', calls: [{ name: 'bake', args: { what: 'bread' } }] });
    expect(await maker.answer(request('A SECRET'))).toEqual({ kind: 'refusal', text: 'No.' });
    expect(await maker.answer(request('x'))).toEqual({ kind: 'text', text: 'What?' });
  });

  it('says so where nothing fits any more', async () => {
    const maker = new ScriptedMaker(parseScript('[{"text": "once", "times": 1}]', 's.json'));
    await maker.answer(request('x'));
    await expect(maker.answer(request('x'))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('used up'),
    });
  });

  it('names the entry and the slip of a file that does not fit', () => {
    for (const [text, complaint] of [
      ['- { text: a }\n- { txt: b }', /f: entry 2: must have one of text, json/],
      ['- { text: a, when: "(" }', /f: entry 1/],
      ['answers: []', /at least one entry/],
      ['just words', /f is no script/],
      ['- {', /f is neither YAML nor JSON/],
      ['answers: [{ text: a }]\nmore: 1', /nothing beside/],
    ] as const) {
      expect(() => parseScript(text, 'f')).toThrow(complaint);
    }
  });
});

describe('openAnswers', () => {
  it('refuses what is no maker with words that help', () => {
    expect(() => openAnswers({ from: 'no-such-file.yaml', seed: '1' })).toThrow(/no such file. Give rules, echo/);
    expect(() => openAnswers({ from: 'echo', seed: '1', noise: 0.5 })).toThrow(/rules/);
  });

  it('gives words without a meaning, as many as asked for', async () => {
    expect(await openAnswers({ from: 'lorem:3', seed: '1' }).answer(request('x'), signal)).toEqual({
      kind: 'text',
      text: expect.stringMatching(/^\w+ \w+ \w+$/),
    });
  });
});
