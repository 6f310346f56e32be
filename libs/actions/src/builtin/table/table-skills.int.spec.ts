import * as fc from 'fast-check';
import { SkillBench } from '../../fixtures/skill-bench.js';
import { closeTableThreads, tableSkills } from './table-skills.js';

interface Loaded {
  table: string;
  rows: number;
  columns: { name: string; type: string }[];
  [field: string]: unknown;
}
interface Answer {
  columns: string[];
  rows: Record<string, unknown>[];
  count: number;
  truncated: boolean;
}
let bench: SkillBench;
beforeEach(() => void (bench = new SkillBench(tableSkills)));

async function load(content: string | Uint8Array, args: object = {}, path = 'data.csv'): Promise<Loaded> {
  await bench.write(path, content);
  return bench.value<Loaded>('table.load', { file: path, as: 'data', ...args });
}
const types = ({ columns }: Loaded): string => columns.map(({ name, type }) => `${name}:${type}`).join(' ');
const rows = async (sql: string, args: object = {}): Promise<Record<string, unknown>[]> =>
  (await bench.value<Answer>('table.query', { sql, ...args })).rows;

afterAll(closeTableThreads);

describe('table.load', () => {
  it('reads a CSV with a mark, quoted line breaks and quotes, and finds out the types', async () => {
    const loaded = await load(
      '\uFEFFid,name,price,active,since,zip\r\n1,"Ada ""A"" L",1.5,true,2026-01-31,00123\r\n2,"two\nlines",2,false,2026-02-01,99999\r\n',
    );
    expect(types(loaded)).toBe('id:integer name:text price:number active:boolean since:date zip:text');
    expect(loaded).toMatchObject({ rows: 2, delimiter: ',', encoding: 'utf-8', header: true, format: 'csv' });
    expect(await rows('select * from data')).toEqual([
      { id: 1, name: 'Ada "A" L', price: 1.5, active: true, since: '2026-01-31', zip: '00123' },
      { id: 2, name: 'two\nlines', price: 2, active: false, since: '2026-02-01', zip: '99999' },
    ]);
  });

  it.each([
    ['a;b\n1,5;x\n2,25;y\n', ';', 'a:number b:text', 3.75],
    ['a;b\n1.234,5;x\n2,25;y\n', ';', 'a:number b:text', 1236.75],
    ['a\tb\n1\tx, y\n2\tz\n', '\t', 'a:integer b:text', 3],
    ['a|b\n1|x\n', '|', 'a:integer b:text', 1],
    ['a,b\n1,"x;y;z"\n2,"u;v;w"\n', ',', 'a:integer b:text', 3],
  ])('finds out the delimiter and the decimal comma of %j', async (text, delimiter, found, sum) => {
    const loaded = await load(text);
    expect([loaded.delimiter, types(loaded)]).toEqual([delimiter, found]);
    expect(await rows('select sum(a) as s from data')).toEqual([{ s: sum }]);
  });

  it('gives types only where nothing is lost: long ids, overflow, NaN, mixed and impossible dates', async () => {
    const loaded = await load(
      'id,big,nan,inf,mixed,day,gap,none\n12345678901234567890,1e400,NaN,inf,1,2026-02-30,,\n1,1,2.5,1,x,2026-01-01,7,\n',
    );
    expect(types(loaded)).toBe('id:text big:text nan:number inf:text mixed:text day:text gap:integer none:null');
    expect(await rows('select id, nan, gap, none from data')).toEqual([
      { id: '12345678901234567890', nan: null, gap: null, none: null },
      { id: '1', nan: 2.5, gap: 7, none: null },
    ]);
  });

  it('keeps a word for a missing value where the column is text', async () => {
    await load('country,code\nNamibia,NA\nFrance,FR\n');
    expect(await rows('select code from data order by 1')).toEqual([{ code: 'FR' }, { code: 'NA' }]);
  });

  it('reads a file that is empty, has only a header, one column, or no header', async () => {
    expect(await load('')).toMatchObject({ rows: 0, columns: [] });
    expect(await rows('select count(*) as n from data')).toEqual([{ n: 0 }]);
    expect(types(await load('a,b\n'))).toBe('a:null b:null');
    expect(await load('n\n1\n\n3\n')).toMatchObject({ rows: 3, columns: [{ name: 'n', type: 'integer' }] });
    expect(types(await load('1,x\n2,y\n'))).toBe('column_1:integer column_2:text');
    expect(types(await load('x,y\nu,v\n', { header: false }))).toBe('column_1:text column_2:text');
    expect(types(await load('2024,2025\n1,2\n', { header: true }))).toBe('2024:integer 2025:integer');
  });

  it('gives columns without a name, or with one that another has, a name of their own', async () => {
    const { columns } = await load('a,,A,a_2,"b ""c"""\n1,2,3,4,5\n');
    expect(columns.map(({ name }) => name)).toEqual(['a', 'column_2', 'A_3', 'a_2', 'b "c"']);
    expect(await rows('select "b ""c""" as it from data')).toEqual([{ it: 5 }]);
  });

  it('reads bytes that are no UTF-8, and UTF-16, and says so', async () => {
    expect(await load(Buffer.from('caf\xe9,n\nM\xfcller,1\n', 'latin1'))).toMatchObject({
      encoding: 'windows-1252',
      columns: [{ name: 'café' }, { name: 'n' }],
    });
    expect(await rows('select * from data')).toEqual([{ café: 'Müller', n: 1 }]);
    expect(await load(Buffer.from('\uFEFFnäme,n\nö,1\n', 'utf16le'))).toMatchObject({ encoding: 'utf-16le' });
    expect(await rows('select "näme" as x from data')).toEqual([{ x: 'ö' }]);
  });

  it('takes a cell of a megabyte, and shows its beginning only', async () => {
    await load(`a,b\n"${'x'.repeat(1_000_000)}",1\n`);
    expect(await rows('select length(a) as n from data')).toEqual([{ n: 1_000_000 }]);
    const profile = await bench.value<{ columns: { longest: number; examples: string[] }[] }>('table.profile', {
      table: 'data',
    });
    expect(profile.columns[0]).toMatchObject({ longest: 1_000_000, examples: [`${'x'.repeat(100)}…`] });
  });

  it('fills short rows with nulls and counts them, and refuses a row with too many cells, with its line', async () => {
    expect(await load('a,b,c\n1\n2,3,4\n5,6,7,\n')).toMatchObject({ rows: 3, shortRows: 1 });
    await bench.write('bad.csv', 'a,b\n1,2\n3,4,5\n');
    expect(await bench.failure('table.load', { file: 'bad.csv' })).toMatchObject({
      code: 'world-error',
      message: expect.stringContaining('bad.csv, line 3: 3 cells where the table has 2 columns'),
    });
    await bench.write('open.csv', 'a,b\n1,"never closed\n');
    expect(await bench.failure('table.load', { file: 'open.csv' })).toMatchObject({
      message: expect.stringContaining('open.csv cannot be read as CSV: Quote Not Closed'),
    });
  });

  it('reads JSON lists of objects, lists and scalars, and JSON Lines', async () => {
    const json = '[{"a":1,"id":12345678901234567890,"t":"1"},{"a":2.5,"n":{"x":[1]},"b":true}]';
    expect(types(await load(json, {}, 'x.json'))).toBe('a:number id:text t:text n:text b:boolean');
    expect(await rows('select * from data')).toEqual([
      { a: 1, id: '12345678901234567890', t: '1', n: null, b: null },
      { a: 2.5, id: null, t: null, n: '{"x":[1]}', b: true },
    ]);
    expect(types(await load('[[1,"x"],[2]]', {}, 'y.json'))).toBe('column_1:integer column_2:text');
    expect(types(await load('[1,2,null]', {}, 'z.json'))).toBe('value:integer');
    expect(await load('{"a":1}\n\n{"a":2}\n', {}, 'x.jsonl')).toMatchObject({ rows: 2, format: 'jsonl' });
    await bench.write('o.json', '{"items":[]}');
    expect(await bench.failure('table.load', { file: 'o.json' })).toMatchObject({
      message: 'o.json holds no list of rows. Give the list inside it as `rows`, such as $step.body.items.',
    });
    await bench.write('bad.jsonl', '{"a":1}\n{a:2}\n');
    expect((await bench.failure('table.load', { file: 'bad.jsonl' })).message).toMatch(
      /^bad.jsonl, line 2 cannot be read/,
    );
  });

  it('makes a table of rows that another step gave, and of a file reference', async () => {
    await bench.value('table.load', { rows: [{ a: 1 }, { a: 2 }], as: 'given' });
    expect(await rows('select sum(a) as s from given')).toEqual([{ s: 3 }]);
    const ref = await bench.write('in/My sales 2026.csv', 'a\n1\n');
    expect(await bench.value('table.load', { file: ref })).toMatchObject({ table: 'My_sales_2026' });
    for (const args of [{}, { file: 'a', rows: [] }])
      expect(await bench.failure('table.load', args)).toMatchObject({ code: 'invalid-args' });
    expect(await bench.failure('table.load', { rows: [] })).toMatchObject({ code: 'invalid-args' });
    expect(await bench.failure('table.load', { file: 'x.csv', as: 'main' })).toMatchObject({ code: 'invalid-args' });
    expect(await bench.failure('table.load', { file: 'no.csv' })).toMatchObject({
      code: 'not-applicable',
      message: expect.stringContaining('There is no file no.csv in the workspace; it holds '),
    });
  });

  it('gives every text back as it stood in the file', async () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => `t${value}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), async (cells) => {
        const csv = [['a', 'b'], ...cells].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','));
        await load(csv.join('\n'), { header: true, delimiter: ',' });
        expect(await rows('select a, b from data')).toEqual(cells.map(([a, b]) => ({ a, b })));
      }),
      { numRuns: 40 },
    );
  });

  it('stores the same table as the same bytes', async () => {
    const first = await load('a,b\n1,x\n');
    expect((await load('a,b\n1,x\n')).file).toEqual(first.file);
  });
});

describe('table.profile', () => {
  it('describes each column by its type', async () => {
    await load('n,p,d,t,b\n1,1.5,2026-01-02,x,true\n3,,2026-01-01,x,false\n,2.5,,y,true\n');
    const profile = await bench.value<{ rows: number; columns: object[] }>('table.profile', { table: 'data' });
    expect(profile).toEqual({
      table: 'data',
      rows: 3,
      columns: [
        {
          name: 'n',
          type: 'integer',
          nulls: 1,
          distinct: 2,
          min: 1,
          max: 3,
          mean: 2,
          longest: null,
          top: [],
          examples: [1, 3],
        },
        {
          name: 'p',
          type: 'number',
          nulls: 1,
          distinct: 2,
          min: 1.5,
          max: 2.5,
          mean: 2,
          longest: null,
          top: [],
          examples: [1.5, 2.5],
        },
        expect.objectContaining({ name: 'd', type: 'date', min: '2026-01-01', max: '2026-01-02', mean: null }),
        expect.objectContaining({
          name: 't',
          min: null,
          longest: 1,
          top: [{ value: 'x', count: 2 }],
          examples: ['x', 'y'],
        }),
        expect.objectContaining({
          name: 'b',
          type: 'boolean',
          min: false,
          max: true,
          top: [{ value: true, count: 2 }],
        }),
      ],
    });
    await load('');
    expect(await bench.value('table.profile', { table: 'data' })).toMatchObject({ rows: 0 });
    expect(await bench.failure('table.profile', { table: 'other' })).toMatchObject({
      code: 'not-applicable',
      message: 'There is no table other; loaded are data. Load it with table.load first.',
    });
  });
});

describe('table.query', () => {
  beforeEach(async () => {
    await load('id,city\n1,Oslo\n2,Rome\n3,Oslo\n');
    await bench.write('more.csv', 'id,score\n1,10\n3,30\n');
    await bench.value('table.load', { file: 'more.csv', as: 'more-data' });
  });

  it('joins tables by their names, with parameters of both kinds', async () => {
    const sql = 'select city, sum(score) as s from data join "more-data" using (id) where city = ? group by city';
    expect(await rows(sql, { params: ['Oslo'] })).toEqual([{ city: 'Oslo', s: 40 }]);
    expect(await rows('select id from data where city = :c and id > :i', { params: { c: 'Oslo', i: 1 } })).toEqual([
      { id: 3 },
    ]);
    expect(await bench.failure('table.query', { sql: 'select ?', params: [] })).toMatchObject({
      code: 'invalid-args',
      message: 'the query has 1 parameters, and `params` has 0 values',
    });
    expect((await bench.failure('table.query', { sql: 'select :a', params: { b: 1 } })).message).toBe(
      '`params` has no value for :a',
    );
  });

  it('gives as many rows as asked for, says when there are more, and tells equal column names apart', async () => {
    const answer = await bench.value<Answer>('table.query', { sql: 'select id, id from data', limit: 2 });
    expect(answer).toMatchObject({
      columns: ['id', 'id_2'],
      rows: [{ id: 1, id_2: 1 }, { id: 2 }],
      count: 2,
      truncated: true,
    });
    expect(await bench.value('table.query', { sql: 'select id from data', limit: 3 })).toMatchObject({
      truncated: false,
    });
    expect(await bench.value('table.query', { sql: 'select id from data where 0' })).toMatchObject({
      columns: ['id'],
      rows: [],
    });
  });

  it('writes all rows into a file besides', async () => {
    const sql = `select id, city || ', "N"' as c, null as n from data`;
    const answer = await bench.value<Answer>('table.query', { sql, limit: 1, path: 'out/all.csv' });
    expect(answer).toMatchObject({ count: 3, truncated: true, file: { name: 'out/all.csv', mediaType: 'text/csv' } });
    expect(await bench.read('out/all.csv')).toBe('id,c,n\n1,"Oslo, ""N""",\n2,"Rome, ""N""",\n3,"Oslo, ""N""",\n');
    await bench.value('table.query', { sql: 'select id from data where id < 3', path: 'a.json' });
    expect(JSON.parse(await bench.read('a.json'))).toEqual([{ id: 1 }, { id: 2 }]);
    await bench.value('table.query', { sql: 'select id from data where 0', path: 'a.tsv' });
    expect(await bench.read('a.tsv')).toBe('id\n');
    expect(await bench.failure('table.query', { sql: 'select 1', path: 'a.xlsx' })).toMatchObject({
      code: 'invalid-args',
    });
    expect(await bench.failure('table.query', { sql: 'select 1', path: '../a.csv' })).toMatchObject({
      code: 'invalid-args',
    });
  });

  it('says which tables and columns there are where a name is wrong', async () => {
    expect(await bench.failure('table.query', { sql: 'select town from data' })).toEqual({
      ok: false,
      code: 'invalid-args',
      message: 'no such column: town; there is data ("id", "city")',
    });
    expect((await bench.failure('table.query', { sql: 'select * from other' })).message).toMatch(
      /^no such table: other; there is no table of that name/,
    );
    expect((await bench.failure('table.query', { sql: 'selec 1' })).message).toMatch(/syntax error/);
  });

  it.each([
    'delete from data',
    'insert into data values (4, 1)',
    'drop table data',
    'create table x (a)',
    'create temp table x (a)',
    'pragma table_info(data)',
    'pragma writable_schema=1',
    "attach '/etc/passwd' as p",
    "vacuum into 'x'",
    'begin',
    "select load_extension('/lib/x.so')",
    "select readfile('/etc/passwd')",
    'select 1; select 2',
    'select 1; drop table data',
    '-- nothing',
    'update data set id = 1 returning id',
    'with x as (select 1) insert into data select 1, 2 returning id',
  ])('refuses what does not only read, or is more than one statement: %s (table-database.2)', async (sql) => {
    expect(await bench.failure('table.query', { sql })).toMatchObject({ code: 'invalid-args' });
    expect(await rows('select count(*) as n from data')).toEqual([{ n: 3 }]);
  });

  it('takes a semicolon and a comment at the end', async () => {
    expect(await rows('select 1 as a; -- done')).toEqual([{ a: 1 }]);
  });

  it('ends a query that holds too much memory, and goes on with the next (table-database.1)', async () => {
    const sql =
      'select group_concat(hex(zeroblob(1000000))) as x from (with recursive c(i) as (select 1 union all select i + 1 from c limit 9000) select i from c)';
    expect(await bench.failure('table.query', { sql })).toMatchObject({ code: 'world-error' });
    expect(await rows('select 1 as a')).toEqual([{ a: 1 }]);
  });

  it('gives what a double cannot hold as text, and bytes as Base64', async () => {
    expect(await rows("select 9007199254740993 as big, 9e999 as inf, x'0102' as bytes, 1 = 1 as t")).toEqual([
      { big: '9007199254740993', inf: 'Infinity', bytes: 'AQI=', t: 1 },
    ]);
  });

  it('refuses a file that is no database', async () => {
    await bench.write('tables/fake.sqlite', 'no database at all, whatever its name says'.repeat(20));
    expect(await bench.failure('table.query', { sql: 'select * from fake' })).toMatchObject({
      code: 'world-error',
      message: 'tables/fake.sqlite is no SQLite database, or a damaged one',
    });
  });

  it('stops when it is cancelled (task-threads.2)', async () => {
    const controller = new AbortController();
    const endless = 'with recursive c(i) as (select 1 union all select i + 1 from c) select count(*) from c';
    const running = bench.call('table.query', { sql: endless }, controller.signal);
    controller.abort();
    expect((await running).result).toMatchObject({ ok: false, code: 'cancelled' });
    expect(await rows('select 1 as a')).toEqual([{ a: 1 }]);
  });
});
