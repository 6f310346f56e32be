import * as fc from 'fast-check';
import { VALUE_LIMIT, type Json, type Output, type Outputs } from '@praxis/core';
import { evaluate, expressionProblem, namesInExpression } from './evaluate.js';
import { referencesIn, resolveArgs, resolveValue } from './resolve-args.js';

const file = { $artifact: 'a'.repeat(64), size: 3, mediaType: 'text/csv', name: 'sales.csv' };
const output = (value: Json, more: Partial<Output> = {}): Output => ({ value, artifacts: [], taint: [], ...more });
const outputs: Outputs = {
  rows: output(3),
  name: output('Ada'),
  load: output({ rows: [{ id: 7 }, { id: 8 }], 'odd key': 1 }, { artifacts: [file], taint: ['http:shop'] }),
  skipped: output(null),
  large: output({ ...file, name: 'value.json', size: VALUE_LIMIT * 2, preview: '{"rows":[' } as unknown as Json),
};
const resolved = (value: Json) => resolveValue(value, outputs);

describe('a reference', () => {
  it.each<[Json, Json]>([
    ['$rows', 3],
    ['$load.rows[1].id', 8],
    ['$load.rows.0', { id: 7 }],
    ['$load["odd key"]', 1],
    ['$load.rows.size', 2],
    ['$load.artifacts[0]', file],
    ['$$rows', '$rows'],
    ['rows', 'rows'],
    ['costs $rows', 'costs $rows'],
    ['{{ name }} has {{ load.rows.size }}', 'Ada has 2'],
    [{ deep: ['$rows', { er: '$name' }] }, { deep: [3, { er: 'Ada' }] }],
    [7, 7],
  ])('%j becomes %j (references.1)', (written, meant) => expect(resolved(written)).toMatchObject({ value: meant }));

  it.each([
    ['$row', /did you mean "rows"/],
    ['$load.row', /load has no "row"; did you mean "rows"/],
    ['$load.rows[2]', /a list of 2 items/],
    ['$skipped.x', /skipped is null.*a step that was skipped/],
    ['$large.rows', /too large for a value.*pass \$large as a whole/],
    ['{{ nam }}', /did you mean "name"/],
    ['{{ name', /./],
    ['{% include "x" %}', /./],
    ['{{ name | file }}', /./],
  ])('%j gives a reason (references.5)', (written, reason) =>
    expect(resolved(written)).toMatchObject({ missing: expect.stringMatching(reason) as string }),
  );

  it('names the argument in which it stands', () =>
    expect(resolveArgs({ to: { list: ['$nobody'] } }, outputs)).toMatchObject({
      missing: expect.stringContaining('to.list[0]') as string,
    }));

  it('brings in a value and nothing that is done with it (references.4)', () => {
    const sly = { sly: output('$rows {{ name }}') };
    expect(resolveValue('$sly', { ...outputs, ...sly })).toMatchObject({ value: '$rows {{ name }}' });
    expect(resolveValue('{{ sly }}', { ...outputs, ...sly })).toMatchObject({ value: '$rows {{ name }}' });
  });

  it('never reaches what belongs to the language', () => {
    for (const written of ['$load.constructor', '$load.__proto__', '$name.constructor', '$rows.toFixed'])
      expect(resolved(written)).toHaveProperty('missing');
  });

  it('never loses the taint of what it refers to, however deep, and gives the same again (references.2, references.3)', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    const tainted = Object.fromEntries(['a', 'b', 'c'].map((n) => [n, output(n, { taint: [`from:${n}`] })]));
    const value = fc.letrec<{ v: Json }>((tie) => ({
      v: fc.oneof(
        { depthSize: 'small' },
        names.map((n) => `$${n}`),
        names.map((n) => `see {{ ${n} }}`),
        fc.integer(),
        fc.array(tie('v'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('x', 'y'), tie('v'), { noNullPrototype: true }),
      ),
    })).v;
    fc.assert(
      fc.property(value, (written) => {
        const result = resolveValue(written, tainted);
        expect(result).toMatchObject({
          taint: referencesIn(written)
            .map((n) => `from:${n}`)
            .toSorted(),
        });
        expect(resolveValue(written, tainted)).toEqual(result);
      }),
    );
  });
});

describe('an expression', () => {
  it.each<[string, Json]>([
    ['rows > 2', true],
    ['rows * 2 > 5.5', true],
    ['rows + 1', 4],
    ['rows / 2', 1.5],
    ['rows == 3', true],
    ['load.rows.all(r, r.id > 6)', true],
    ['load.rows.map(r, r.id)', [7, 8]],
    ['size(load.rows) == 2 && name.startsWith("A")', true],
    ['skipped == null', true],
  ])('%s is %j (expressions.3)', (expression, value) =>
    expect(
      evaluate(expression, { rows: 3, name: 'Ada', skipped: null, load: { rows: [{ id: 7 }, { id: 8 }] } }),
    ).toEqual(value),
  );

  it.each([
    ['row > 2', /did you mean rows/],
    ['rows >', /cannot be parsed at character/],
    ['$rows > 2', /written without \$/],
    ['name.matches("(a+)+$")', /patterns are not available/],
    ['rows > "x"', /cannot be evaluated/],
  ])('%s says what is wrong and where', (expression, reason) =>
    expect(() => evaluate(expression, { rows: 3, name: 'Ada' })).toThrow(reason),
  );

  it('ends, however much it is asked for (expressions.2)', () => {
    const list = Array.from({ length: 2_000 }, (_, i) => i);
    expect(() => evaluate('l.all(a, l.all(b, l.all(c, a + b + c >= 0)))', { l: list })).toThrow(/steps/);
    expect(() => evaluate('l.exists(a, l.exists(b, l.exists(c, a + b + c < 0)))', { l: list })).toThrow(/steps/);
  });

  it('has nothing in reach but the values (expressions.1)', () => {
    for (const sly of ['constructor', '__proto__', 'process', 'globalThis', 'this'])
      expect(() => evaluate(sly, {})).toThrow();
    expect(namesInExpression('a.b > 1 && c.all(x, x == d)')).toEqual(['a', 'c', 'd']);
    expect(expressionProblem('a >')).toContain('cannot be parsed');
    expect(expressionProblem('a > 1')).toBeNull();
  });
});
