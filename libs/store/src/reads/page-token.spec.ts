import { formatPageToken, parsePageToken } from './page-token.js';

describe('parsePageToken', () => {
  it('reads what was written', () => {
    const place = { acceptedAt: 1_700_000_000_000, id: 'r-0123456789' };
    expect(parsePageToken(formatPageToken(place))).toEqual(place);
  });

  it.each([[''], ['abc'], [Buffer.from('1 two words').toString('base64url')]])('refuses %p in words that help', (token) => {
    expect(() => parsePageToken(token)).toThrow(/first page/);
  });
});
