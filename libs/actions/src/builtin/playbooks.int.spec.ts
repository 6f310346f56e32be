import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@praxis/core';
import { SkillBench } from '../fixtures/skill-bench.js';
import { builtinSkills } from './builtin-skills.js';

type Value = Record<string, Json>;
const open = async (allow: readonly string[] = []): Promise<SkillBench> =>
  new SkillBench(await builtinSkills({ web: { allow } }).list());

afterAll(() => builtinSkills().close!());

describe('the work of a playbook, skill by skill', () => {
  it('profiles a CSV into a report with a chart', async () => {
    const bench = await open();
    const lines = Array.from(
      { length: 40 },
      (_, i) => `2026-01-${String(1 + (i % 28)).padStart(2, '0')},${['Oslo', 'Rome', 'Bo|nn'][i % 3]},${i * 1.5}`,
    );
    const file = await bench.write('sales.csv', ['day,city,amount', ...lines].join('\n'), 'text/csv');
    await bench.value('table.load', { file, as: 'data' });
    const profile = await bench.value<{ rows: number; columns: { name: string }[] }>('table.profile', {
      table: 'data',
    });
    const sql = `select ${profile.columns[1]!.name} as label, count(*) as n from data group by 1 order by n desc, 1 limit 10`;
    const top = await bench.value<Value>('table.query', { sql });
    const chart = await bench.value<Value>('chart.draw', {
      kind: 'bar',
      rows: top.rows!,
      x: 'label',
      y: 'n',
      path: 'charts/top.svg',
    });
    await bench.value('doc.write', {
      path: 'report.md',
      template: 'csv-profile',
      data: { profile: profile as never, chart: chart.path! },
    });
    const report = await bench.read('report.md');
    for (const part of ['## Columns', '(charts/top.svg)', '**40** rows', '| city | text | 0 | 3 |', 'Bo\\|nn (13)'])
      expect(report).toContain(part);
    expect(await bench.read('charts/top.svg')).toContain('Bo|nn');
    expect(await bench.value('table.query', { sql: 'select count(*) = 40 as ok from data' })).toMatchObject({
      rows: [{ ok: 1 }],
    });
  });

  describe('with a site', () => {
    let server: Server;
    let site: string;
    beforeAll(async () => {
      server = createServer((request, answer) => {
        if (request.url === '/')
          answer
            .setHeader('content-type', 'text/html')
            .end('<a href="/good">g</a><a href="/bad">b</a><a href="mailto:a@b">m</a><a href="http://10.0.0.1/">p</a>');
        else answer.writeHead(request.url === '/good' ? 200 : 404).end();
      });
      await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume));
      site = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    it('checks the links of a page, and reports the dead ones', async () => {
      const bench = await open([site]);
      const page = await bench.value<Value>('web.fetch', { url: `http://${site}/`, as: 'text' });
      const links = await bench.value<{ urls: string[] }>('web.links', { html: page.body!, base: page.url! });
      const results: Json[] = [];
      for (const url of links.urls) results.push(await bench.value('web.head', { url }));
      await bench.value('doc.write', { path: 'links.md', template: 'link-table', data: { page: page.url!, results } });
      expect(results).toHaveLength(3);
      const report = await bench.read('links.md');
      expect(report).toContain('**3** links: **1** answer, **2** do not.');
      expect(report).toContain(`| http://${site}/bad | 404 | 404 Not Found |`);
    });
  });

  it('shows the moves of files before a person approves them', async () => {
    const bench = await open();
    const plan = { moves: [{ from: 'in/a.jpg', to: '2026/a.jpg', sha256: 'x' }], clashes: [] };
    await bench.value('doc.write', { path: 'dry-run.md', template: 'move-table', data: plan });
    expect(await bench.read('dry-run.md')).toContain('| in/a.jpg | 2026/a.jpg |');
  });
});
