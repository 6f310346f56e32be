import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from '@praxis/core';
import { ANSWERS, answerFormat, type AnswerKind } from './answers.js';

const kinds = Object.keys(ANSWERS) as readonly AnswerKind[];

/** Every object schema within a schema. */
function objectsIn(schema: Json): readonly { readonly [key: string]: Json }[] {
  if (Array.isArray(schema)) return schema.flatMap(objectsIn);
  if (typeof schema !== 'object' || schema === null) return [];
  const own = schema as { readonly [key: string]: Json };
  return [...(own['type'] === 'object' ? [own] : []), ...Object.values(own).flatMap(objectsIn)];
}

describe('answerFormat', () => {
  it.each(kinds)('asks for %s in the strict form that every engine takes', (kind) => {
    const { name, schema } = answerFormat(kind, { actions: ['(a)'], count: 2 });
    expect(name).toBe(kind);
    expect(schema).not.toHaveProperty('$schema');
    const objects = objectsIn(schema);
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      expect(object['additionalProperties']).toBe(false);
      expect(object['required']).toEqual(Object.keys(object['properties'] as object));
    }
    // Bounds of safe integers only make grammars larger.
    expect(JSON.stringify(schema)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it('gives equal texts for equal sets of legal actions, since engines keep compiled schemas by their text', () => {
    const one = JSON.stringify(answerFormat('next_action', { actions: ['(b)', '(a)', '(b)'] }));
    expect(one).toBe(JSON.stringify(answerFormat('next_action', { actions: ['(a)', '(b)'] })));
    expect(one).toContain('"enum":["(a)","(b)","done","ask","stuck"]');
  });

  it('lets an actor call skills with arguments of its own beside the legal actions, and nothing else', () => {
    const check = new Ajv2020({ strict: false }).compile(
      answerFormat('next_action', { actions: ['(a)'], calls: ['send-mail', 'what?'] }).schema,
    );
    const says = (action: string): boolean => check({ thought: '', action, question: '' });
    expect(['(a)', 'done', '(send-mail "Dear Ann" 3)', '(send-mail)', '(what? x)'].map(says)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['(b)', '(send-mails)', 'send-mail', '(wha x)', 'anything'].map(says)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('lets an actor without legal actions give a verdict only', () => {
    const check = new Ajv2020().compile(answerFormat('next_action', { actions: [] }).schema);
    expect(check({ thought: '', action: 'stuck', question: '' })).toBe(true);
    expect(check({ thought: '', action: '(a)', question: '' })).toBe(false);
  });

  it('wants exactly one score per candidate, none of them above 1', () => {
    const check = new Ajv2020().compile(answerFormat('scores', { count: 2 }).schema);
    expect([[0, 1], [1], [0.2, 1.1]].map((scores) => check({ scores }))).toEqual([true, false, false]);
  });
});
