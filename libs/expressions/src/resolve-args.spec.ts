import * as fc from 'fast-check';
import type { Json, Output, Outputs } from '@praxis/core';
import { referencesIn, resolveArgs, resolveValue, taintOf } from './resolve-args.js';

const output = (value: Json, more: Partial<Output> = {}): Output => ({ value, artifacts: [], taint: [], ...more });
const FILE = { $artifact: 'a'.repeat(64), size: 12, mediaType: 'text/csv', name: 'sales.csv' };
const outputs: Outputs = {
  profile: output({ rows: 3, columns: [{ name: 'a b' }], nothing: null }, { taint: ['http:shop.example'] }),
  links: output({ urls: ['u0', 'u1'] }, { taint: ['http:web.example', 'http:shop.example'] }),
  'plan-moves': output({ moves: [1, 2] }),
  file: output(FILE),
  big: output({ ...FILE, name: 'rows.json', preview: '[{' }),
  report: output({ path: 'report.md' }, { artifacts: [{ ...FILE, name: 'report.md' }] }),
  skipped: output(null),
};
const value = (text: Json): unknown => {
  const resolved = resolveValue(text, outputs);
  return 'missing' in resolved ? `missing: ${resolved.missing}` : resolved.value;
};

describe('resolveArgs', () => {
  it.each([
    ['$profile.rows', 3],
    ['$profile', { rows: 3, columns: [{ name: 'a b' }], nothing: null }],
    ['$profile.columns[0].name', 'a b'],
    ['$profile["columns"][0]["name"]', 'a b'],
    ['$links.urls', ['u0', 'u1']],
    ['$links.urls.size', 2],
    ['$links.urls.length', 2],
    ['$plan-moves.moves[1]', 2],
    ['$profile.nothing', null],
    ['$file', FILE],
    ['$file.name', 'sales.csv'],
    ['$report.artifacts[0].name', 'report.md'],
  ] as [string, Json][])('keeps the type of %s (references.1)', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each([
    ['{{ profile.rows }} rows of {{ profile.columns[0].name | upcase }}', '3 rows of A B'],
    ['{{ links.urls }} {{ profile.columns | map: "name" | join: "," }}', '["u0","u1"] a b'],
    ['{{ plan-moves.moves.length }} files', '2 files'],
    ['Profile {{ file }}', 'Profile sales.csv'],
    ['{{ report.artifacts[0].name }}', 'report.md'],
    ['{% if profile.rows > 2 %}many{% else %}few{% endif %}', 'many'],
    ['{{ profile.row | default: "none" }}', 'none'],
  ])('fills %s in as text (references.1)', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    ['$$profile.rows', '$profile.rows'],
    ['$$$5', '$$5'],
    ['costs $5', 'costs $5'],
    ['$5', '$5'],
    ['$HOME/x y', '$HOME/x y'],
    ['', ''],
  ])('leaves %s as a text', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('leaves templates alone where only whole references are meant (references.6)', () => {
    expect(
      resolveArgs({ a: '$profile.rows', b: '{{ profile.rows }}', c: '{{ nothing' }, outputs, { plain: true }),
    ).toEqual({
      args: { a: 3, b: '{{ profile.rows }}', c: '{{ nothing' },
      taint: ['http:shop.example'],
    });
  });

  it('reaches every depth of the arguments, and no key', () => {
    const args = { a: [{ b: '$profile.rows' }, ['{{ profile.rows }}']], $profile: 1, n: null, t: true };
    expect(resolveArgs(args, outputs)).toEqual({
      args: { a: [{ b: 3 }, ['3']], $profile: 1, n: null, t: true },
      taint: ['http:shop.example'],
    });
  });

  it.each([
    ['$profil.rows', 'there is no output called "profil"; did you mean "profile"?'],
    ['{{ profil.rows }}', 'there is no output called "profil"; did you mean "profile"?'],
    ['$profile.rwos', 'profile has no "rwos"; did you mean "rows"?'],
    ['{{ profile.columns[4].name }}', 'profile.columns is a list of 1 item, so there is no profile.columns[4]'],
    ['$skipped.rows', 'skipped is null, so there is no skipped.rows; it may come of a step that was skipped'],
    ['{{ skipped.rows }}', 'skipped is null'],
    ['$profile.rows.x', 'profile.rows is a number and has no parts'],
    ['$file.rows', 'read the file by a step first'],
    ['$big[0]', 'pass $big as a whole to a skill that reads files'],
    ['{{ big.rows }}', 'pass $big as a whole to a skill that reads files'],
    ['$profile.constructor', 'has no "constructor"'],
    ['{{ profile.constructor.constructor }}', 'has no "constructor"'],
    ['$__proto__.x', 'there is no output called "__proto__"'],
    ['{{ profile.rows | frobnicate }}', 'undefined filter: frobnicate'],
    ['{{ profile.rows ', 'not closed'],
    ['{% for x in links.urls %}{% endfor %}', 'tag "for" not found'],
    ['{% include "x" %}', 'tag "include" not found'],
  ])('says why %s leads nowhere (references.5)', (text, reason) => {
    expect(value(text)).toContain(reason);
  });

  it('names the argument that leads nowhere', () => {
    expect(resolveArgs({ data: { rows: ['$profil'] } }, outputs)).toEqual({
      missing: expect.stringContaining('data.rows[0] ($profil): '),
    });
  });

  it('does not fill in what a value brings along (references.4)', () => {
    const hostile: Outputs = { a: output({ text: '$b {{ b }}', list: ['$b'] }), b: output('secret') };
    expect(resolveArgs({ x: '$a.text', y: '{{ a.text }}', z: '$a.list' }, hostile)).toMatchObject({
      args: { x: '$b {{ b }}', y: '$b {{ b }}', z: ['$b'] },
    });
  });

  it('loses no taint, whatever the shape of the arguments (references.2)', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const text = fc.oneof(
      name.map((n) => `$${n}`),
      name.map((n) => `$${n}.x`),
      name.map((n) => `-{{ ${n}.x }}-`),
      fc.tuple(name, name).map(([n, m]) => `{% if ${n}.x == 1 %}{{ ${m}.x }}{% endif %}`),
      fc.constantFrom('plain', '$$a', 'a'),
    );
    const { args } = fc.letrec((tie) => ({
      args: fc.oneof({ maxDepth: 4 }, text, fc.array(tie('args'), { maxLength: 3 }), fc.dictionary(name, tie('args'))),
    }));
    const taints = fc.dictionary(name, fc.subarray(['s1', 's2', 's3']));
    fc.assert(
      fc.property(args, taints, (tree, taint) => {
        const all: Outputs = Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((n) => [n, output({ x: 1 }, { taint: taint[n] ?? [] })]),
        );
        const resolved = resolveValue(tree as Json, all);
        expect(resolved).toHaveProperty('value');
        expect((resolved as { taint: readonly string[] }).taint).toEqual(taintOf(all, referencesIn(tree as Json)));
        // The same again, from a cache or not (references.3).
        expect(resolveValue(tree as Json, all)).toEqual(resolved);
      }),
    );
  });
});

describe('referencesIn', () => {
  it('finds names at any depth, each once, and none in plain texts', () => {
    expect(
      referencesIn({ a: ['$x.y', '{{ z[w.v] }} {{ x }}'], b: { c: '$$no', d: 'text $no', e: '{{ "no" }}' } }),
    ).toEqual(['x', 'z', 'w']);
  });
});
