import { PraxisError, type Check, type Checks, type Condition, type Json } from '@praxis/core';
import * as fc from 'fast-check';
import { checkFacts } from '../workspace/check-facts.js';
import { checkCondition, evaluateCheck } from './check-condition.js';
import type { CheckScope } from './checker.js';

const FACTS = ['(on a)', '(on b)'];
const values: Readonly<Record<string, Json>> = { p: { rows: 3, avg: 2.5, names: ['x', 'y'] } };
const bytes = new TextEncoder().encode('{"rows": 3} ## Columns');
const scope: CheckScope = {
  world: async (condition) => checkFacts(condition, { facts: FACTS, numbers: {} }),
  resolve: (reference) => (reference === '$p' ? { value: values['p']! } : { missing: `there is no ${reference}` }),
  variables: values,
  files: {
    list: async () => [],
    find: async (path) =>
      path === 'r.md'
        ? { $artifact: 'a'.repeat(64), size: bytes.length, mediaType: 'text/markdown', name: path }
        : null,
  },
  readBytes: async () => ({ bytes, isWhole: true }),
  query: async (sql) => {
    if (sql.includes('nowhere')) throw new PraxisError('invalid', 'there is no table nowhere');
    return sql.includes('none') ? [] : [{ n: 3 }];
  },
  fetch: async (url) => ({ status: url.endsWith('gone') ? 404 : 200, body: 'hello' }),
  call: async ({ skill }) =>
    skill === 'look'
      ? { ok: true, message: '', output: { value: { missing: [] }, artifacts: [], taint: [] } }
      : { ok: false, code: 'denied', message: `${skill} is not pure` },
  judge: async () => [0.9, 0.4, 0.9],
};
const check = (one: object): Check => one as Check;
const find = async (one: object) => (await evaluateCheck(check(one), scope)).holds;

const PASS = check({ expr: 'p.rows == 3' });
const FAIL = check({ expr: 'p.rows == 4' });
const BROKEN = check({ expr: 'p.rows ==' });
const checks: Checks = { pass: PASS, fail: FAIL, broken: BROKEN, person: check({ person: 'Fine?', of: [] }) };
const atom = fc.constantFrom('(check pass)', '(check fail)', '(check broken)', '(check none)', '(on a)', '(on z)');
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    atom,
    tie('condition').map((part) => `(not ${part})`),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { maxLength: 3 }))
      .map(([word, parts]) => `(${[word, ...parts].join(' ')})`),
  ),
}));

describe('checkCondition', () => {
  it('says of not(not c) what it says of c (checks.1)', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (text) => {
        const plain = await checkCondition(text, checks, scope);
        expect(await checkCondition(`(not (not ${text}))`, checks, scope)).toEqual(plain);
        expect(plain.problems.length === 0).toBe(plain.holds);
      }),
    );
  });

  it('never lets a check pass that cannot be evaluated, nor its negation (checks.1, checks.2)', async () => {
    for (const name of ['broken', 'none', 'person'])
      for (const text of [`(check ${name})`, `(not (check ${name}))`, `(or (on z) (check ${name}))`]) {
        const { holds, problems } = await checkCondition(text, checks, scope);
        expect([text, holds]).toEqual([text, false]);
        expect(problems.join(' ')).toContain(`check ${name} cannot be evaluated`);
      }
    expect((await checkCondition('(or (check broken) (check pass))', checks, scope)).holds).toBe(true);
  });

  it('does not depend on the order of parts (checks.3)', async () => {
    const parts = fc.array(condition, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('and', 'or'), parts, async (word, list) => {
        const [one, other] = [list, [...list].reverse()].map((some) => `(${word} ${some.join(' ')})`);
        const [first, second] = [
          await checkCondition(one!, checks, scope),
          await checkCondition(other!, checks, scope),
        ];
        expect(first.holds).toBe(second.holds);
      }),
    );
  });

  it('evaluates what costs something only where the rest leaves the condition open', async () => {
    let calls = 0;
    const counted: CheckScope = { ...scope, fetch: async () => ((calls += 1), { status: 200, body: '' }) };
    const table: Checks = { ...checks, web: check({ http: 'http://shop.example', status: [200], contains: [] }) };
    expect((await checkCondition('(and (check web) (check fail))', table, counted)).holds).toBe(false);
    expect(calls).toBe(0);
    expect((await checkCondition('(and (check web) (check pass))', table, counted)).holds).toBe(true);
    expect(calls).toBe(1);
  });
});

describe('the kinds of checks', () => {
  it.each<[object, boolean | null]>([
    [{ file: 'r.md', minBytes: 1, contains: ['## Columns'] }, true],
    [{ file: 'r.md', minBytes: 1000, contains: [] }, false],
    [{ file: 'r.md', minBytes: 1, contains: ['absent'] }, false],
    [{ file: 'r.md', minBytes: 1, mediaType: 'text/csv', contains: [] }, false],
    [{ file: 'r.md', minBytes: 1, contains: [], schema: { type: 'object' } }, null],
    [{ file: 'none.md', minBytes: 1, contains: [] }, false],
    [{ file: '../r.md', minBytes: 1, contains: [] }, null],
    [{ json: '$p', schema: { required: ['rows'] } }, true],
    [{ json: '$p', schema: { required: ['zip'] } }, false],
    [{ json: '$q', schema: {} }, null],
    [{ json: '$p', schema: { $ref: 'https://schemas.example/a.json' } }, null],
    [{ json: '$p', schema: { type: 'no such type' } }, null],
    [{ json: '$p', schema: { enum: ['x'.repeat(70_000)] } }, null],
    [{ expr: 'p.rows + 1 == 4 && p.avg * 2 == 5 && p.rows / 2 == 1.5' }, true],
    [{ expr: 'size(p.names) == p.rows - 1' }, true],
    [{ expr: 'p.rows' }, null],
    [{ expr: 'missing.x == 1' }, null],
    [{ expr: `"${'a'.repeat(60)}".matches("^(a+)+b")` }, null],
    [{ sql: 'select 1', expect: { value: 3 } }, true],
    [{ sql: 'select 1', expect: { value: 4 } }, false],
    [{ sql: 'none', expect: 'no-rows' }, true],
    [{ sql: 'none', expect: 'rows' }, false],
    [{ sql: 'nowhere', expect: 'no-rows' }, null],
    [{ http: 'http://shop.example', status: [200], contains: ['hello'] }, true],
    [{ http: 'http://shop.example/gone', status: [200], contains: [] }, false],
    [{ skill: 'look', with: {}, schema: { properties: { missing: { maxItems: 0 } } } }, true],
    [{ skill: 'look', with: {}, schema: { required: ['zip'] } }, false],
    [{ skill: 'send', with: {} }, null],
    [{ judge: 'Is it good?', of: ['$p'], votes: 3, passAt: 0.7 }, true],
    [{ judge: 'Is it good?', of: ['$p'], votes: 3, passAt: 0.8 }, false],
    [{ judge: 'Is it good?', of: ['$q'], votes: 3, passAt: 0.7 }, null],
    [{ person: 'Is it good?', of: [] }, null],
  ])('%j', async (one, expected) => {
    expect(await find(one)).toBe(expected);
  });

  it('do not pass where nothing is there to evaluate them', async () => {
    const bare: CheckScope = { world: scope.world, resolve: scope.resolve };
    for (const one of [
      { file: 'r.md', minBytes: 1, contains: [] },
      { sql: 'select 1', expect: 'rows' },
      { http: 'http://shop.example', status: [200], contains: [] },
      { skill: 'look', with: {} },
      { judge: 'Is it good?', of: [], votes: 3, passAt: 0.7 },
    ])
      expect((await evaluateCheck(check(one), bare)).holds).toBeNull();
  });
});
