import type { Action, Json, JsonSchema, Skill } from '@praxis/core';
import { parseSkills } from './declared-skill.js';
import { parametersOf } from './schema/parameters.js';
import { SkillRegistry } from './skill-registry.js';

/** Function descriptions as benchmarks of tool calling have them: types of Python in the place of JSON's. */
const FUNCTIONS: Readonly<Record<string, Json>> = {
  mv: {
    type: 'dict',
    properties: { source: { type: 'string' }, destination: { type: 'string' } },
    required: ['source', 'destination'],
  },
  create_ticket: {
    type: 'dict',
    properties: {
      title: { type: 'string' },
      description: { type: 'string', default: '' },
      priority: { type: 'integer', default: 1 },
    },
    required: ['title'],
  },
  filter_by_price: {
    type: 'dict',
    properties: {
      stocks: { type: 'array', items: { type: 'string' } },
      min_price: { type: 'float' },
      max_price: { type: 'float' },
    },
    required: ['stocks', 'min_price', 'max_price'],
  },
  lock_doors: {
    type: 'dict',
    properties: {
      unlock: { type: 'boolean' },
      door: { type: 'array', items: { type: 'string', enum: ['driver', 'rear_left'] } },
    },
    required: ['unlock', 'door'],
  },
};
const TYPES: Readonly<Record<string, string>> = { dict: 'object', float: 'number', tuple: 'array' };

function converted(schema: Json): JsonSchema {
  const { type, properties, items, ...rest } = schema as Record<string, Json>;
  return {
    ...rest,
    type: TYPES[String(type)] ?? type!,
    ...(items !== undefined && { items: converted(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties as object).map(([n, p]) => [n, converted(p as Json)])),
    }),
  };
}

/** Operations of a shop, as a person declares them. */
const SHOP = `
skills:
  - name: cancel_pending_order
    summary: cancels an order that is pending
    input:
      properties: { order_id: { type: string, pattern: "^#W[0-9]+$" }, reason: { enum: [no longer needed, ordered by mistake] } }
      required: [order_id, reason]
    http: { url: "http://127.0.0.1:9000/tools/cancel_pending_order", body: json }
  - name: exchange_items
    summary: exchanges items of a delivered order
    input:
      properties:
        order_id: { type: string }
        item_ids: { type: array, items: { type: string }, minItems: 1 }
        new_item_ids: { type: array, items: { type: string }, minItems: 1 }
        payment_method_id: { type: string }
      required: [order_id, item_ids, new_item_ids, payment_method_id]
    http: { url: "http://127.0.0.1:9000/tools/exchange_items", body: json }
  - name: modify_address
    summary: changes the address of an order
    parameters:
      - { name: order_id }
      - { name: address1 }
      - { name: address2, optional: true }
      - { name: country, enum: [USA, Canada], default: USA }
      - { name: zip }
    http: { url: "http://127.0.0.1:9000/tools/modify_address", body: json }
`;
const functions = Object.entries(FUNCTIONS).map(([name, schema]): Skill => {
  const input = converted(schema);
  return {
    manifest: {
      name,
      summary: '',
      parameters: parametersOf(input),
      input,
      effect: 'unknown',
      keyed: false,
      source: 'module',
    },
    run: async () => ({ result: { ok: true, message: 'done' }, state: null }),
  };
});
const shop = parseSkills(SHOP, { file: 'shop.yaml', secret: () => '' }).map((d) => d.skill);
const registry = SkillRegistry.of([...functions, ...shop]);

const RIGHT: readonly Action[] = [
  { skill: 'mv', args: { source: 'report.pdf', destination: 'temp' } },
  { skill: 'create_ticket', args: { title: 'Late' } },
  { skill: 'create_ticket', args: { priority: 3, title: 'Late', description: 'two days' } },
  { skill: 'filter_by_price', args: { stocks: ['A', 'B'], min_price: 100, max_price: 150.5 } },
  { skill: 'lock_doors', args: { unlock: false, door: ['driver', 'rear_left'] } },
  { skill: 'cancel_pending_order', args: { order_id: '#W2378156', reason: 'no longer needed' } },
  { skill: 'exchange_items', args: { order_id: '#W1', item_ids: ['1'], new_item_ids: ['2'], payment_method_id: 'p' } },
  { skill: 'modify_address', args: { order_id: '#W1', address1: '1 Main St', zip: '19122' } },
  {
    skill: 'modify_address',
    args: { order_id: '#W1', address1: '1 Main St', address2: null, country: 'Canada', zip: '1' },
  },
];
const required = ({ skill }: Action): readonly string[] =>
  registry
    .manifest({ skill, args: {} })!
    .parameters.filter((p) => p.optional !== true)
    .map((p) => p.name);
const without = (action: Action, name: string): Action => ({
  ...action,
  args: Object.fromEntries(Object.entries(action.args).filter(([n]) => n !== name)),
});
const withValue = (action: Action, name: string, value: Json): Action => ({
  ...action,
  args: { ...action.args, [name]: value },
});

describe('calls of typed skills', () => {
  it('leave no skill out', () => expect(registry.quarantined).toEqual([]));

  it.each(RIGHT)('fit: $skill $args', (action) => expect(registry.validationError(action)).toBeNull());

  it.each(RIGHT)('that are wrong are refused with the name of the argument: $skill $args', (action) => {
    const wrong = [
      ...required(action).map((name) => [name, without(action, name)] as const),
      ...required(action).map((name) => [name, withValue(action, name, null)] as const),
      ...Object.keys(action.args).map((name) => [name, withValue(action, name, { not: 'this' })] as const),
      ...Object.keys(action.args).map((name) => [`${name}_`, withValue(action, `${name}_`, 1)] as const),
    ];
    for (const [name, call] of wrong) expect(registry.validationError(call)).toContain(name);
  });

  it.each([
    ['a number as a text', withValue(RIGHT[3]!, 'min_price', '100'), 'min_price must be a number, found "100"'],
    ['a half as an integer', withValue(RIGHT[1]!, 'priority', 1.5), 'priority must be an integer, found 1.5'],
    ['one item that is none of the list', withValue(RIGHT[4]!, 'door', ['driver', 'boot']), 'door.1 must be one of'],
    ['another form', withValue(RIGHT[5]!, 'order_id', 'W2378156'), 'order_id must match pattern'],
    ['an empty list', withValue(RIGHT[6]!, 'item_ids', []), 'item_ids must NOT have fewer than 1 items'],
    ['a value that is not offered', withValue(RIGHT[7]!, 'country', 'Mars'), 'country must be one of "USA", "Canada"'],
  ])('say what fits for %s', (_, action, message) => expect(registry.validationError(action)).toContain(message));
});
