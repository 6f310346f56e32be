import * as fc from 'fast-check';
import { literalHolds, makeState, negate } from '@praxis/core';
import { groundLiteral, type Application } from './application.js';
import { contrast } from './contrast.js';

const PARAMETERS = ['?r', '?c', '?s'];
const ATOMS = ['(open ?s)', '(dusty ?s)', '(clean ?c)', '(in ?c ?s)', '(tired ?r)', '(free ?r)'];
const LITERALS = ATOMS.flatMap((a) => [a, negate(a)]);
const applied = (ok: boolean, ...facts: string[]): Application => ({
  run: 'r-1',
  subgoal: 'x',
  step: 0,
  args: ['robby', 'mug', 'top'],
  before: makeState(facts),
  ok,
  snapshot: null,
});
const names = (applications: readonly Application[], known: readonly string[] = []): string[] =>
  contrast(LITERALS, new Set(known), PARAMETERS, applications).suspects.map((s) => s.literal);

describe('contrast', () => {
  it('finds the hidden precondition among spurious ones', () => {
    const found = contrast(LITERALS, new Set(['(in ?c ?s)']), PARAMETERS, [
      applied(true, '(in mug top)', '(open top)', '(free robby)'),
      applied(true, '(in mug top)', '(open top)', '(dusty top)', '(free robby)'),
      applied(false, '(in mug top)', '(free robby)'),
      applied(false, '(in mug top)', '(clean mug)', '(dusty top)'),
    ]);
    expect(found).toMatchObject({ successes: 2, refusals: 2 });
    expect(found.suspects).toEqual([
      { literal: '(open ?s)', explains: 2 },
      { literal: '(free ?r)', explains: 1 },
      { literal: '(not (clean ?c))', explains: 1 },
    ]);
  });

  it('finds a negative precondition', () => {
    expect(names([applied(true, '(in mug top)'), applied(false, '(in mug top)', '(tired robby)')])).toEqual([
      '(not (tired ?r))',
    ]);
  });

  it('suspects nothing where nothing ever succeeded, and nothing where nothing was refused', () => {
    expect(names([applied(false), applied(false, '(open top)')])).toEqual([]);
    expect(names([applied(true, '(open top)')])).toEqual([]);
  });

  it('suspects nothing where successes and refusals look alike', () => {
    expect(names([applied(true, '(open top)'), applied(false, '(open top)')])).toEqual([]);
  });

  it('leaves out what is known, and puts positive literals first among equals', () => {
    const cases = [applied(true, '(open top)', '(clean mug)'), applied(false, '(tired robby)')];
    expect(names(cases)).toEqual(['(clean ?c)', '(open ?s)', '(not (tired ?r))']);
    expect(names(cases, ['(clean ?c)'])).toEqual(['(open ?s)', '(not (tired ?r))']);
  });

  it('never loses a true precondition: it explains every refusal that nothing else explains', () => {
    const states = fc.array(fc.subarray(ATOMS.map((a) => groundLiteral(a, PARAMETERS, ['robby', 'mug', 'top']))), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...LITERALS), {
          minLength: 1,
          maxLength: 2,
          selector: (l) => l.replace(/^\(not (.*)\)$/, '$1'),
        }),
        states,
        (hidden, situations) => {
          const isTrue = (literal: string, facts: readonly string[]): boolean =>
            literalHolds(groundLiteral(literal, PARAMETERS, ['robby', 'mug', 'top']), makeState(facts));
          const applications = situations.map((facts) =>
            applied(
              hidden.every((l) => isTrue(l, facts)),
              ...facts,
            ),
          );
          const found = contrast(LITERALS, new Set(), PARAMETERS, applications);
          fc.pre(found.successes > 0);
          for (const literal of hidden) {
            const explains = situations.filter((facts) => !isTrue(literal, facts)).length;
            expect(found.suspects.find((s) => s.literal === literal)?.explains ?? 0).toBe(explains);
          }
          if (hidden.length === 1 && found.refusals > 0) expect(found.suspects[0]!.explains).toBe(found.refusals);
        },
      ),
    );
  });
});
