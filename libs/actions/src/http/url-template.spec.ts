import * as fc from 'fast-check';
import { fillTemplate, placeholders, templateFault } from './url-template.js';

const filled = (template: string, values: Record<string, string>): string => {
  const result = fillTemplate(template, values);
  return 'url' in result ? result.url.href : `! ${result.problem}`;
};

describe('templateFault', () => {
  it.each([
    ['an argument that chooses the host', 'http://{host}/pay', 'no placeholder'],
    ['an argument within the port', 'http://shop:{port}/pay', 'no placeholder'],
    ['a password', 'http://me:secret@shop/pay', 'no password'],
    ['another protocol', 'file:///etc/passwd', 'http://'],
    ['a brace that was forgotten', 'http://shop/pay/{invoice', 'belongs to no placeholder'],
    ['a part that is never sent', 'http://shop/pay#now', 'no # part'],
    ['a way up', 'http://shop/a/../pay', '. or ..'],
    ['a way up in disguise', 'http://shop/a/%2E%2e/pay', '. or ..'],
    ['a port that is none', 'http://shop:999999/pay', 'no address'],
  ])('refuses %s', (_, template, fault) => expect(templateFault(template)).toContain(fault));

  it('takes placeholders in path and query', () => {
    for (const template of [
      'http://shop:9000/pay/{invoice}?by={who}',
      'https://shop',
      'https://[::1]:1/{a}-{b}.json',
      'http://shop?q={x}',
    ])
      expect(templateFault(template)).toBeNull();
    expect(placeholders('http://shop/{a}/{b-c}?d={a}')).toEqual(['a', 'b-c', 'a']);
  });
});

describe('fillTemplate', () => {
  it('puts values where they belong, escaped', () => {
    expect(filled('http://shop/pay/{invoice}?by={who}', { invoice: 'a/b ?#', who: 'x&y=z' })).toBe(
      'http://shop/pay/a%2Fb%20%3F%23?by=x%26y%3Dz',
    );
  });

  it.each([
    ['of which one is missing', {}, 'no value for {id}'],
    ['that would make the address another one', { id: '' }, 'must not be empty'],
    ['that goes up', { id: '..' }, '. or ..'],
    ['that stands still', { id: '.' }, '. or ..'],
  ])('takes no values %s', (_, values, problem) => expect(filled('http://shop/items/{id}', values)).toContain(problem));

  it('notices dots that are put together from two values', () =>
    expect(filled('http://shop/items/{a}{b}/x', { a: '.', b: '.' })).toContain('. or ..'));

  it('keeps every value in its place, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        (a, b) => {
          const result = fillTemplate('http://shop:9000/items/{a}/end?q={b}', { a, b });
          if ('problem' in result) return expect(['', '.', '..']).toContain(a);
          const { url } = result;
          expect(url.origin).toBe('http://shop:9000');
          expect(url.pathname.split('/').map(decodeURIComponent)).toEqual([
            '',
            'items',
            Buffer.from(a).toString(),
            'end',
          ]);
          expect([...url.searchParams]).toEqual([['q', Buffer.from(b).toString()]]);
        },
      ),
    );
  });
});
