import { checkSchema, playbookSchema } from '@praxis/core';
import { checkWords, goalChecks } from './check-words.js';

describe('a check in words', () => {
  it.each([
    [{ file: 'report.md' }, 'the file report.md is there'],
    [
      { file: 'r.csv', minBytes: 1200, mediaType: 'text/csv', contains: ['a', 'b"'], schema: {} },
      'the file r.csv is there, has at least 1,200 bytes, is text/csv, contains "a" and "b\\"", fits its schema',
    ],
    [{ json: '$profile.rows', schema: {} }, '$profile.rows fits its schema'],
    [{ sql: 'select 1', expect: 'no-rows' }, 'the query select 1 gives no rows'],
    [{ sql: 'select 1', expect: { value: 1 } }, 'the query select 1 gives 1'],
    [{ expr: '$a > 3' }, '$a > 3 is true'],
    [{ http: 'https://a.example', status: [200, 204] }, 'https://a.example answers 200 or 204'],
    [{ skill: 'shop.paid' }, 'shop.paid succeeds'],
    [{ skill: 'shop.paid', schema: {} }, 'shop.paid gives what fits its schema'],
    [{ judge: 'is it polite?' }, '3 votes of a model give at least 0.7 to: is it polite?'],
    [{ judge: 'is it polite?', votes: 1, passAt: 1 }, 'a model gives at least 1 to: is it polite?'],
    [{ person: 'is it right?' }, 'a person agrees: is it right?'],
  ])('%j: %s', (check, words) => expect(checkWords(checkSchema.parse(check))).toBe(words));
});

describe('the checks of a goal', () => {
  const check = (text: object) => checkSchema.parse(text);
  const playbook = playbookSchema.parse({
    playbook: 'report',
    title: 'Report',
    steps: [{ id: 'a', do: 'note', with: {} }],
    done: [{ file: 'report.md' }, { expr: '$a' }],
  });

  it('are those of goal, request and playbook, each said once', () => {
    expect(
      goalChecks(
        { checks: { report: check({ file: 'report.md' }) }, playbook },
        { checks: { polite: check({ person: 'ok?' }) } },
      ),
    ).toEqual([
      { name: 'report', words: 'the file report.md is there' },
      { name: 'polite', words: 'a person agrees: ok?' },
      { name: null, words: '$a is true' },
    ]);
    expect(goalChecks({ checks: {}, playbook: null }, null)).toEqual([]);
  });
});
