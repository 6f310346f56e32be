import * as fc from 'fast-check';
import { z } from 'zod';
import { actionSchema, actionText, argumentOf, makeAction } from './action.js';
import { freeRecord } from './free-record.js';
import { goalSchema } from '../goals/goal.js';
import { jsonSchema, type Json } from './json.js';
import { stateChangeSchema, stateSchema } from '../acting/observation.js';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'prototype'];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
const entries = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([key]) => key });
const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie('json'), { maxLength: 3 }),
    entries(tie('json')).map((all): Json => Object.fromEntries(all)),
  ),
})).json;

/** As it comes from a file, a database or the network. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('records with names that users choose', () => {
  it('keep every name and its value, in order, whatever the name means to JavaScript', () => {
    const schema = freeRecord(z.number());
    fc.assert(
      fc.property(entries(fc.integer()), (all) => {
        const record = schema.parse(parsed(Object.fromEntries(all)));
        expect(Object.keys(record)).toEqual(Object.keys(Object.fromEntries(all)));
        for (const [key, value] of all) expect(Object.getOwnPropertyDescriptor(record, key)?.value).toBe(value);
        expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
      }),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keep JSON as it is at any depth', () => {
    fc.assert(
      fc.property(json, (value) => expect(JSON.stringify(jsonSchema.parse(parsed(value)))).toBe(JSON.stringify(value))),
    );
  });

  it('never give a value another prototype', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": true}, "nested": {"__proto__": {"polluted": true}}}',
    ) as Json;
    const value = jsonSchema.parse(hostile) as Record<string, Record<string, unknown>>;
    expect([value['polluted'], value['nested']!['polluted'], ({} as Record<string, unknown>)['polluted']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(Object.keys(value)).toEqual(['__proto__', 'nested']);
  });

  it('are the arguments of actions, the labels of goals and the numbers of states', () => {
    fc.assert(
      fc.property(entries(fc.string()), entries(fc.integer()), (args, numbers) => {
        const names = args.map(([key]) => key);
        const action = actionSchema.parse(
          parsed(
            makeAction(
              'act',
              names,
              args.map(([, value]) => value),
            ),
          ),
        );
        for (const [key, value] of args) expect(argumentOf(action, key)).toBe(value);
        expect(actionText(action).length).toBe(
          actionText(
            makeAction(
              'act',
              names,
              args.map(([, value]) => value),
            ),
          ).length,
        );
        const goal = goalSchema.parse(parsed({ title: 't', world: 'w', labels: Object.fromEntries(args) }));
        expect(JSON.stringify(goal.labels)).toBe(JSON.stringify(Object.fromEntries(args)));
        const all = Object.fromEntries(numbers);
        expect(JSON.stringify(stateSchema.parse(parsed({ facts: [], numbers: all })).numbers)).toBe(
          JSON.stringify(all),
        );
        expect(JSON.stringify(stateChangeSchema.parse(parsed({ added: [], removed: [], numbers: all })).numbers)).toBe(
          JSON.stringify(all),
        );
      }),
    );
  });

  it('have no argument that nobody gave', () => {
    for (const key of NAMES) expect(argumentOf({ skill: 'act', args: {} }, key)).toBeUndefined();
  });

  it('refuse what is no record, and say at which name a value does not fit', () => {
    const schema = freeRecord(z.object({ n: z.number() }));
    for (const bad of [null, 'text', [1], undefined, new Date()]) expect(schema.safeParse(bad).success).toBe(false);
    const issue = (text: string) => schema.safeParse(JSON.parse(text)).error?.issues[0]?.path;
    expect(issue('{"a": {"n": "x"}}')).toEqual(['a', 'n']);
    expect(issue('{"__proto__": {"n": "x"}}')).toEqual(['__proto__', 'n']);
    expect(z.object({ record: schema }).safeParse({}).success).toBe(false);
  });
});
