import { actionText, fingerprint, idempotencyKey, makeAction } from './action.js';

const move = makeAction('move', ['r', 'to'], ['robby', 'hall']);

describe('makeAction', () => {
  it('names positional arguments in the order of the parameters', () => {
    expect(move).toEqual({ skill: 'move', args: { r: 'robby', to: 'hall' } });
    expect(actionText(move)).toBe('(move robby hall)');
    expect(actionText(makeAction('wait', [], []))).toBe('(wait)');
  });

  it('leaves no argument out', () => {
    expect(makeAction('move', ['r', 'to'], ['robby']).args).toEqual({ r: 'robby', to: null });
  });
});

describe('idempotencyKey', () => {
  it('is the same for the same step, however its arguments are ordered, and differs for any other', () => {
    const key = idempotencyKey('r-1.1.1.1', 0, move);
    expect(idempotencyKey('r-1.1.1.1', 0, { skill: 'move', args: { to: 'hall', r: 'robby' } })).toBe(key);
    const others = [
      idempotencyKey('r-1.1.1.2', 0, move),
      idempotencyKey('r-1.1.1.1', 1, move),
      idempotencyKey('r-1.1.1.1', 0, { ...move, args: { ...move.args, r: 'ruby' } }),
    ];
    expect(new Set([key, ...others]).size).toBe(4);
  });
});

describe('fingerprint', () => {
  it('binds an approval to the action and the state (S6)', () => {
    expect(fingerprint(move, 'a')).toBe(fingerprint({ ...move }, 'a'));
    expect(fingerprint(move, 'a')).not.toBe(fingerprint(move, 'b'));
    expect(fingerprint(move, 'a')).not.toBe(fingerprint({ ...move, skill: 'jump' }, 'a'));
  });
});
