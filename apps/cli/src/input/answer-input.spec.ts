import { NO_COST } from '@praxis/core';
import { parseEdit, parseValue, readAnswer, type AnswerOptions } from './answer-input.js';

const failure = (options: AnswerOptions): unknown => {
  try {
    return readAnswer(options);
  } catch (thrown) {
    return thrown;
  }
};

describe('readAnswer', () => {
  it('takes exactly one verdict', () => {
    expect(failure({})).toMatchObject({ code: 'invalid', message: expect.stringContaining('--approve') });
    expect(failure({ approve: true, reject: true })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('only one'),
    });
    // A value of null is an answer, too.
    expect(failure({ value: null, approve: true })).toMatchObject({ code: 'invalid' });
  });

  it('says who answers, and why', () => {
    expect(readAnswer({ approve: true, by: 'ann' })).toEqual({
      verdict: 'approve',
      by: 'ann',
      reason: '',
      args: null,
      grant: null,
      value: null,
    });
    expect(readAnswer({ approve: true }).by).not.toBe('');
    expect(readAnswer({ reject: 'too much', by: 'ann' })).toMatchObject({ verdict: 'reject', reason: 'too much' });
    expect(readAnswer({ reject: true, reason: 'too much' })).toMatchObject({ verdict: 'reject', reason: 'too much' });
    expect(failure({ reject: 'a', reason: 'b' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('once'),
    });
  });

  it('brings along what the verdict needs', () => {
    expect(readAnswer({ edit: { to: 'acme' } })).toMatchObject({ verdict: 'edit', args: { to: 'acme' } });
    expect(readAnswer({ grant: { ...NO_COST, steps: 9 } })).toMatchObject({
      verdict: 'grant',
      grant: { steps: 9, money: 0 },
    });
    expect(readAnswer({ grant: true })).toMatchObject({ verdict: 'grant', grant: NO_COST });
    expect(readAnswer({ value: 'blue' })).toMatchObject({ verdict: 'answer', value: 'blue' });
    expect(readAnswer({ notHappened: true })).toMatchObject({ verdict: 'not-happened' });
  });
});

describe('parseEdit', () => {
  it('reads all arguments', () =>
    expect(parseEdit('{"args":{"to":"acme","n":[1,null]}}')).toEqual({ to: 'acme', n: [1, null] }));

  it.each(['', '{', '{"to":"acme"}', '{"args":[1]}', '{"args":{},"skill":"pay"}'])(
    'says what an edit looks like where it gets %p',
    (text) => {
      expect(() => parseEdit(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );
});

describe('parseValue', () => {
  it('reads JSON, and tells how a text is written', () => {
    expect(parseValue('{"a":[1]}')).toEqual({ a: [1] });
    expect(() => parseValue('blue')).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining(`'"blue"'`) }),
    );
  });
});
