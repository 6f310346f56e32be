import { PraxisError } from '@praxis/core';
import { DEPTH_LIMIT, readForms, readOneList } from './form.js';
import { Source } from '../source.js';

function failure(text: string): PraxisError {
  try {
    readOneList(new Source('x.pddl', text), 'a list');
  } catch (error) {
    return error as PraxisError;
  }
  throw new Error('it was read without an error');
}

describe('readForms', () => {
  it('reads words in lower case and leaves comments out', () => {
    const [list] = readForms(new Source('x', '\uFEFF(Define ; a comment (\r\n\t?X)'));
    expect(list).toMatchObject({ kind: 'list', items: [{ text: 'define', at: 2 }, { text: '?x' }] });
  });

  it.each([
    ['(a (b c)', 'x.pddl:1:1: "(a" is never closed; expected ")"'],
    ['(a\n  (b c', 'x.pddl:2:3: "(b" is never closed; expected ")"'],
    ['(a b))', 'x.pddl:1:6: found ")" without a "(" before it; remove it or check the brackets before it'],
    ['(a b) (c)', 'x.pddl:1:7: found "(c …" after the end of a list; remove it or check the brackets before it'],
    ['(a b) tail', 'x.pddl:1:7: found "tail" after the end of a list; remove it or check the brackets before it'],
    ['  ; nothing', 'x.pddl:1:12: found the end of the text, expected a list'],
    ['word', 'x.pddl:1:1: found "word", expected a list'],
  ])('says where the brackets of %j go wrong', (text, message) => {
    expect(failure(text)).toMatchObject({ code: 'invalid', message });
  });

  it('points at the action that was left open rather than at the whole file', () => {
    const text = '(define (domain d)\n  (:action a :effect (and (p))\n  (:action b :effect (p)))';
    expect(failure(text).message).toBe('x.pddl:2:3: "(:action" is never closed; expected ")"');
    expect(failure(text).details).toEqual({ line: 2, column: 3 });
  });

  it('refuses endless nesting before the stack is in danger', () => {
    const at = DEPTH_LIMIT + 1;
    expect(failure('('.repeat(200_000)).message).toBe(
      `x.pddl:1:${at}: brackets are nested deeper than ${DEPTH_LIMIT}; flatten the formula`,
    );
    expect(readForms(new Source('x', '('.repeat(DEPTH_LIMIT) + ')'.repeat(DEPTH_LIMIT)))).toHaveLength(1);
  });

  it('shortens a word that is a whole file', () => {
    expect(failure('x'.repeat(1000)).message).toHaveLength(78);
  });
});
