import { answerFormat } from '../prompts/answers.js';
import { grammarSchema } from './grammar-schema.js';

const text = { type: 'string' };

describe('the schema of a grammar', () => {
  it('grammar-schema.2: says every answer that models are asked for, with all properties in their order', () => {
    const plan = grammarSchema(answerFormat('meta_plan').schema) as {
      properties: Record<string, { items: { properties: object } }>;
    };
    expect(Object.keys(plan.properties)).toEqual(['thought', 'subgoals', 'questions']);
    expect(plan.properties['subgoals']!.items.properties).toEqual({
      title: text,
      owner: { oneOf: [text, { type: 'null' }] },
      after: { type: 'array', items: { type: 'integer' } },
      achieves: text,
      steps: { type: 'array', items: text },
    });
    expect(grammarSchema(answerFormat('next_action', { actions: ['(b)', '(a)'] }).schema)).toEqual({
      type: 'object',
      properties: { thought: text, action: { enum: ['(a)', '(b)', 'done', 'ask', 'stuck'] }, question: text },
    });
    expect(grammarSchema(answerFormat('scores', { count: 2 }).schema)).toEqual({
      type: 'object',
      properties: { scores: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } },
    });
    for (const kind of ['critique', 'formal_goal'] as const)
      expect(grammarSchema(answerFormat(kind).schema)).not.toBeNull();
  });

  it('grammar-schema.1: leaves bounds that grammars cannot say to the check', () => {
    expect(grammarSchema({ type: 'integer', minimum: 0, maximum: 9 })).toEqual({ type: 'integer' });
    expect(grammarSchema({ type: 'string', pattern: '^a', maxLength: 5000 })).toEqual(text);
    expect(grammarSchema({ type: 'string', maxLength: 8 })).toEqual({ type: 'string', maxLength: 8 });
    expect(grammarSchema({ type: ['string', 'null'] })).toEqual({ oneOf: [text, { type: 'null' }] });
  });

  it.each([
    ['of which nothing is said', {}],
    ['that name others', { $ref: '#/$defs/a', $defs: { a: text } }],
    ['that are maps', { type: 'object', additionalProperties: text }],
    ['of which all must fit', { allOf: [text] }],
    ['that hold one of these', { type: 'object', properties: { a: text, b: {} } }],
    ['whose constants are lists', { const: [1] }],
    ['without any value', { enum: [] }],
  ])('grammar-schema.1: gives up schemas %s, so that the answer is only checked', (_, schema) => {
    expect(grammarSchema(schema)).toBeNull();
  });
});
