import { findLinks, type FoundLinks } from './find-links.js';

const find = (html: string, base = 'https://h.example/dir/page.html', most = 100): FoundLinks =>
  findLinks({ html, base, most });

describe('findLinks', () => {
  it('resolves links, keeps each once with the text that says what it is, and drops what is no page', () => {
    const html = `<a href="a.html"><img src=x></a> <a href='../b?x=1&amp;y=2#part'>The  <b>second</b>\npage</a>
      <A HREF=a.html>First</A> <a href="mailto:a@b">m</a> <a href="javascript:alert(1)">j</a> <a href="data:x">d</a>
      <a href="#top">top</a> <a href="page.html#x">self</a> <a>none</a> <a href="//other.example/z">o</a>
      <map><area href="/area"></map> <a href="http://[bad">bad</a> <a href="">empty</a>
      <script>var x = '<a href="/script">no</a>';</script><!-- <a href="/comment">no</a> -->`;
    expect(find(html)).toEqual({
      urls: [
        'https://h.example/dir/a.html',
        'https://h.example/b?x=1&y=2',
        'https://other.example/z',
        'https://h.example/area',
      ],
      links: [
        { url: 'https://h.example/dir/a.html', text: 'First' },
        { url: 'https://h.example/b?x=1&y=2', text: 'The second page' },
        { url: 'https://other.example/z', text: 'o' },
        { url: 'https://h.example/area', text: '' },
      ],
      truncated: false,
    });
  });

  it('follows the first base of the page', () => {
    expect(find('<base href="/new/"><base href="/other/"><a href="x">x</a>').urls).toEqual(['https://h.example/new/x']);
    expect(find('<base href="javascript:x"><a href="x">x</a>').urls).toEqual(['https://h.example/dir/x']);
  });

  it('stops at the number that was asked for, and says so', () => {
    const html = Array.from({ length: 10 }, (_, i) => `<a href="/${i}">${i}</a>`).join('');
    expect(find(html, undefined, 3)).toMatchObject({ urls: { length: 3 }, truncated: true });
    expect(find(html, undefined, 10).truncated).toBe(false);
  });

  it('does not follow a page that is nested deeper than any for people', () => {
    const deep = `<a href="/early">e</a>${'<div>'.repeat(200_000)}<a href="/late">l</a>`;
    expect(find(deep)).toMatchObject({ urls: ['https://h.example/early'], truncated: true });
  });

  it('reads a page without an end, and an empty one', () => {
    expect(find('<a href="/x">text that never').links).toEqual([
      { url: 'https://h.example/x', text: 'text that never' },
    ]);
    expect(find('').urls).toEqual([]);
  });
});
