import * as fc from 'fast-check';
import { SkillBench } from '../../fixtures/skill-bench.js';
import { docSkills } from './doc-skills.js';
import { markdownCell, markdownLink } from './markdown-filters.js';

const bench = (): SkillBench => new SkillBench(docSkills);
async function write(args: object): Promise<string> {
  const all = bench();
  await all.value('doc.write', { path: 'report.md', ...args } as never);
  return all.read((args as { path?: string }).path ?? 'report.md');
}
const failure = (args: object): Promise<{ code: string; message: string }> =>
  bench().failure('doc.write', { path: 'report.md', ...args } as never);

describe('doc.write', () => {
  it('writes the report of a CSV that a person likes to read', async () => {
    const column = { nulls: 0, distinct: 2, min: null, max: null, mean: null, longest: null, top: [], examples: [] };
    const profile = {
      table: 'sales',
      rows: 12_345,
      columns: [
        { ...column, name: 'price', type: 'number', min: 1.5, max: 2000, mean: 33.333333333, examples: [1.5, 2] },
        {
          ...column,
          name: 'a|b\n*c*',
          type: 'text',
          nulls: 3,
          longest: 9,
          top: [
            { value: '<b>x</b>', count: 4 },
            { value: 'y', count: 2 },
          ],
        },
      ],
    };
    expect(await write({ template: 'csv-profile', data: { profile, chart: 'charts/top.svg' } })).toBe(
      [
        '# sales',
        '',
        '**12,345** rows, **2** columns in the table `sales`.',
        '',
        '## Columns',
        '',
        '| column | type | missing | distinct | range | mean | most frequent |',
        '|---|---|--:|--:|---|--:|---|',
        '| price | number | 0 | 2 | 1.5 – 2000 | 33.3333 | 1.5, 2 |',
        '| a\\|b \\*c\\* | text | 3 | 2 | up to 9 characters |  | \\<b\\>x\\</b\\> (4), y (2) |',
        '',
        '## Chart',
        '',
        '![Chart](charts/top.svg)',
        '',
      ].join('\n'),
    );
    expect(
      await write({ path: 'out/r.md', template: 'csv-profile', data: { profile, chart: 'charts/top.svg' } }),
    ).toContain('(../charts/top.svg)');
    expect(await write({ template: 'csv-profile', data: { profile } })).not.toContain('## Chart');
  });

  it('writes tables of links, of moves, and of any rows', async () => {
    const results = [
      { url: 'http://h/a_b', ok: true, status: 200 },
      { url: 'http://h/x|y', ok: false, status: 404, error: 'Not Found' },
      null,
    ];
    const links = await write({ template: 'link-table', data: { page: 'http://h/', results } });
    expect(links).toContain('**3** links: **1** answer, **2** do not.');
    expect(links).toContain('| http://h/x\\|y | 404 | Not Found |');
    expect(links).toContain('| http://h/a_b | 200 |');
    expect(await write({ template: 'link-table', data: { results: [] } })).toContain('**0** links');
    const moves = await write({
      template: 'move-table',
      data: { moves: [{ from: 'a', to: 'b/a' }], clashes: [{ from: 'c', to: 'b/a' }] },
    });
    expect(moves).toContain('**1** files would move; **1** cannot');
    expect(moves).toContain('| a | b/a |');
    const table = await write({
      template: 'table',
      data: {
        title: 'Rows',
        rows: [
          { a: 1, b: 'x\ny' },
          { a: null, b: '|' },
        ],
      },
    });
    expect(table).toContain('| a | b |\n|---|---|\n| 1 | x y |\n|  | \\| |\n');
  });

  it('fills a text of one’s own, and says which variable is not there (render-template.3)', async () => {
    expect(
      await write({
        text: 'Hi {{ who.name }}: {% for n in list %}{{ n | times: 2 }} {% endfor %}',
        data: { who: { name: 'Ada' }, list: [1, 2] },
      }),
    ).toBe('Hi Ada: 2 4 ');
    expect(await failure({ text: 'Hi {{ whom }}' })).toMatchObject({
      code: 'invalid-args',
      message: expect.stringContaining('undefined variable: whom'),
    });
    expect(await failure({ text: '{{ a | nonsense }}', data: { a: 1 } })).toMatchObject({
      message: expect.stringContaining('undefined filter: nonsense'),
    });
    expect(await failure({ text: '{% if %' })).toMatchObject({ code: 'invalid-args' });
    expect(await failure({})).toMatchObject({ message: 'doc.write takes either `template` or `text`' });
    expect(await failure({ text: 'a', template: 'table' })).toMatchObject({ code: 'invalid-args' });
    expect(await failure({ template: 'letter' })).toMatchObject({ code: 'invalid-args' });
    expect(await failure({ text: 'a', path: '/etc/passwd' })).toMatchObject({ code: 'invalid-args' });
  });

  it.each([
    '{% include "/etc/passwd" %}',
    '{% render "../package.json" %}',
    '{% layout "x" %}',
    '{{ data.constructor }}',
    '{{ data.__proto__.x }}',
    '{% for i in (1..100000000) %}{{ i }}{% endfor %}',
    `{% assign s = "${'x'.repeat(1000)}" %}{% for i in (1..100000) %}{% assign s = s | append: s %}{% endfor %}`,
  ])('reaches no file and no prototype, and ends: %s (render-template.1, render-template.2)', async (text) => {
    expect(await failure({ text, data: { data: {} } })).toMatchObject({ code: 'invalid-args' });
  });

  it('escapes what goes into a page (render-template.4)', async () => {
    expect(
      await write({ path: 'p.html', text: '<p>{{ a }}</p>{{ b | raw }}', data: { a: '<script>', b: '<hr>' } }),
    ).toBe('<p>&lt;script&gt;</p><hr>');
  });
});

describe('the filters for Markdown', () => {
  it('keep any text inside its cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = markdownCell(text);
        expect(cell).not.toMatch(/[\p{Cc}]/u);
        expect(cell.replace(/\\./gu, '')).not.toMatch(/[|<>`[\]]/);
      }),
    );
  });

  it('link to paths and pages, and to no script', () => {
    expect(markdownLink('a b(1).svg', 'x.md')).toBe('a%20b%281%29.svg');
    expect(markdownLink({ name: 'charts/c.svg' }, 'deep/er/x.md')).toBe('../../charts/c.svg');
    expect(markdownLink('https://h/a?b=1', 'x.md')).toBe('https://h/a?b=1');
    expect(markdownLink('javascript:alert(1)', 'x.md')).toBe('#');
  });
});
