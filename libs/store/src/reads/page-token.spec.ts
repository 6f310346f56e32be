import { formatPageToken, parsePageToken } from './page-token.js';

const list = { status: 'done', world: null };

describe('parsePageToken', () => {
  it('reads what was written', () => {
    const place = { acceptedAt: 1_700_000_000_000, id: 'r-0123456789' };
    expect(parsePageToken(formatPageToken(place, list), list)).toEqual(place);
  });

  it.each([
    [''],
    ['abc'],
    [Buffer.from('1 two words').toString('base64url')],
    [Buffer.from('1 r-1').toString('base64url')],
  ])('refuses %p in words that help', (token) => {
    expect(() => parsePageToken(token, list)).toThrow(/first page/);
  });

  it('refuses a token under another filter than its own', () => {
    const token = formatPageToken({ acceptedAt: 1, id: 'r-1' }, list);
    expect(() => parsePageToken(token, { ...list, status: 'failed' })).toThrow(/another filter/);
  });
});
