import { hashKey, keyChecker } from './api-key.js';
import { bearer } from './security.js';

const KEY = 'praxis_one-key-of-a-client';

describe('keyChecker', () => {
  it('accepts a key whose hash is listed, wherever it stands in the list', () => {
    const isListed = keyChecker([hashKey('another'), hashKey(KEY), hashKey('a third')]);
    expect([KEY, 'another', 'a third'].map(isListed)).toEqual([true, true, true]);
  });

  it.each(['', ' ', `${KEY} `, KEY.toUpperCase(), KEY.slice(1), hashKey(KEY)])('refuses %j', (key) =>
    expect(keyChecker([hashKey(KEY)])(key)).toBe(false),
  );

  it('refuses everything where nothing is listed', () => expect(keyChecker([])(KEY)).toBe(false));

  it.each(['', 'ab', KEY, hashKey(KEY).slice(2)])('takes no list with the hash %j, which is none', (hash) => {
    expect(() => keyChecker([hashKey(KEY), hash])).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

describe('hashKey', () => {
  it('is what every other program calls SHA-256', () =>
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'));
});

describe('bearer', () => {
  it('is a header that shows the key', () => expect(bearer(KEY)).toBe(`Bearer ${KEY}`));

  it.each(['two words', 'line\nbreak', 'schlüssel-aus-versehen', ''])(
    'refuses %j, which no header can carry, without repeating it',
    (key) => {
      const attempt = (): string => bearer(key);
      expect(attempt).toThrow(expect.objectContaining({ code: 'invalid' }));
      if (key !== '') expect(attempt).not.toThrow(key);
    },
  );
});
