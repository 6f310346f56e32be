/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { goalSchema, NO_COST, runEventSchema, runEvents, runStream, systemClock, type ArtifactRef } from '@praxis/core';
import { createLogger } from '@praxis/platform';
import { openStore, type Store } from '@praxis/store';
import { testDatabase } from '@praxis/testing';
import type { Page } from 'playwright-core';
import { Browser, systemBrowser } from './dashboard/browser.js';
import { findFaults } from './dashboard/faults.js';
import { sandbox, start, type Running } from './praxis.js';

const RUN = 'r-gave';
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const REPORT = `# Sales\n\n${HOSTILE}\n`;
const CHART = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>parent.hacked=1</script><rect width="40" height="20" fill="teal"/></svg>`;
const ROWS = Array.from({ length: 60 }, (_, i) => ({ product: i === 0 ? HOSTILE : `product ${i}`, sold: i }));

const path = systemBrowser();
if (!path) process.stderr.write('no Chromium is installed: the result of a run was not looked at with a browser\n');

(path ? describe : describe.skip)('what a run gave, in a real browser', () => {
  const box = sandbox({ PRAXIS_EXECUTOR_COUNT: '1' });
  let product: Running;
  let store: Store;
  let board: string;
  let browser: Browser;
  let page: Page;
  let files: { readonly report: ArtifactRef; readonly chart: ArtifactRef; readonly sales: ArtifactRef };

  beforeAll(async () => {
    const { url } = await testDatabase();
    product = start(['start', '--json'], { ...box.env, PRAXIS_DATABASE_URL: url });
    await product.until(/"pid"/);
    board = (JSON.parse(product.stdout) as { dashboard: string }).dashboard;
    store = await openStore({
      url,
      log: createLogger({ level: 'error', name: 'test' }),
      clock: systemClock,
      poolSize: 2,
    });
    const put = (text: string, name: string, mediaType: string): Promise<ArtifactRef> =>
      store.artifacts.put(Buffer.from(text), { name, mediaType });
    files = {
      report: await put(REPORT, 'out/отчёт "май".md', 'text/markdown'),
      chart: await put(CHART, 'out/top.svg', 'image/svg+xml'),
      sales: await put('product,sold\n', 'sales.csv', 'text/csv'),
    };
    browser = await Browser.open(path!, { width: 1280, theme: 'light' });
    page = await browser.page();
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
    await product?.kill('SIGTERM');
    box.remove();
  });

  /** Tells what happened in the run, as its planner would. */
  const happen = (from: number, ...events: readonly object[]): Promise<unknown> =>
    store.journal.append(
      runStream(RUN),
      from,
      events.map((event) => runEvents.encode(runEventSchema.parse(event))),
    );
  const panel = () => page.getByRole('region', { name: 'Result', exact: true });

  it('appears when the run ends, without the page being loaded again', async () => {
    const goal = goalSchema.parse({
      title: 'Profile the sales',
      inputs: { sales: files.sales, top: 3 },
      checks: { report: { file: 'out/top.svg', contains: ['<svg'] } },
    });
    const node = {
      id: '1.1',
      title: 'profile',
      pre: [],
      post: '(done)',
      after: [],
      owner: null,
      lane: 'default',
      steps: [],
      cost: 1,
    };
    await happen(
      0,
      { type: 'accepted', goal },
      {
        type: 'opened',
        session: RUN,
        domainName: '',
        domain: '',
        problem: '',
        condition: '(done)',
        agents: [],
        tools: [],
      },
      {
        type: 'planned',
        plan: { version: 1, nodes: [node] },
        diff: { kept: [], added: ['1.1'], dropped: [] },
        reason: 'first',
        evaluated: 0,
      },
      // Nobody works on it: the rest is told by this test.
      { type: 'paused', by: 'a test', reason: 'to be told' },
    );
    await page.goto(`${board}/runs/${RUN}`);
    await page.locator('.run-title').getByText('Paused').waitFor();
    expect(await panel().count()).toBe(0);
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    const rows = { value: ROWS, artifacts: [files.report, files.chart], taint: ['http:shop.example'] };
    await happen(
      4,
      {
        type: 'settled',
        node: '1.1',
        attempt: 1,
        outcome: 'done',
        reason: '',
        steps: 1,
        failedSteps: 0,
        replans: 0,
        toolsUsed: [],
        failures: [],
        spent: NO_COST,
        outputs: { rows },
      },
      { type: 'ended', outcome: 'done', reason: 'the goal holds', result: rows },
    );
    await panel().waitFor();
    await page.locator('.run-title').getByText('Done').waitFor();
    expect(await page.evaluate(() => (globalThis as { isSamePage?: boolean }).isSamePage)).toBe(true);
  });

  it('is a table of its first rows, or JSON cut at forty lines, and says where it comes from', async () => {
    await panel().getByText('parts of it come from http:shop.example').waitFor();
    await panel().getByText(HOSTILE).waitFor();
    expect(await panel().locator('tbody tr').count()).toBe(50);
    await panel().getByText('Shown: 50 of 60 rows.').waitFor();
    await panel().getByRole('button', { name: 'JSON' }).click();
    const text = panel().locator('pre');
    expect((await text.innerText()).trimEnd().split('\n')).toHaveLength(40);
    await panel()
      .getByRole('button', { name: /^show all/ })
      .click();
    expect(JSON.parse(await text.innerText())).toEqual(ROWS);
  });

  it('has files that can be saved under their names', async () => {
    for (const [ref, name, content] of [
      [files.report, 'отчёт _май_.md', REPORT],
      [files.chart, 'top.svg', CHART],
    ] as const) {
      const saving = page.waitForEvent('download');
      await panel()
        .getByRole('link', { name: `Download ${ref.name}` })
        .click();
      const saved = await saving;
      expect(saved.suggestedFilename().replaceAll(/["-]/g, '_')).toBe(name);
      expect(readFileSync(await saved.path(), 'utf8')).toBe(content);
    }
  });

  it('has files that can be looked at, and none of them becomes a part of the page', async () => {
    await panel()
      .getByRole('button', { name: `View ${files.report.name}` })
      .click();
    await panel()
      .getByRole('region', { name: `The file ${files.report.name}` })
      .getByText(HOSTILE)
      .waitFor();
    await panel()
      .getByRole('button', { name: `View ${files.chart.name}` })
      .click();
    const image = panel().getByRole('img', { name: files.chart.name });
    await image.evaluate((img: HTMLImageElement) => img.decode());
    expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(40);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await page.locator('main script, main svg script, main img:not(.file-image)').count()).toBe(0);
  });

  it('is told of a subgoal too, and beside it what the goal was given and when it is done', async () => {
    await page.locator('.box-node').first().click();
    const detail = page.locator('.node-detail');
    await detail.getByText('Gave').waitFor();
    await detail.getByRole('link', { name: files.chart.name }).waitFor();
    await page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: 'Goal' }).click();
    const goal = page.getByRole('region', { name: 'Plan', exact: true });
    await goal.getByRole('link', { name: 'sales.csv' }).waitFor();
    await goal.getByText('the file out/top.svg is there, contains "<svg"').waitFor();
  });

  it.each([
    { width: 1280, theme: 'dark' },
    { width: 390, theme: 'light' },
  ] as const)('is accessible and fits at $width px in the $theme theme', async (look) => {
    const other = await Browser.open(path!, look);
    const shown = await other.page();
    await shown.goto(`${board}/runs/${RUN}`);
    const result = shown.getByRole('region', { name: 'Result', exact: true });
    await result.getByRole('button', { name: `View ${files.report.name}` }).click();
    await result.getByRole('button', { name: `View ${files.chart.name}` }).click();
    await result.getByText(HOSTILE).nth(1).waitFor();
    await shown.locator('.box-node').first().waitFor();
    const overflow = await shown.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect({ overflow, found: await findFaults(shown) }).toEqual({ overflow: 0, found: [] });
    await other.close();
    expect(other.complaints).toEqual([]);
  });

  it('runs no script of a file that is opened by itself', async () => {
    const other = await Browser.open(path!, { width: 1280, theme: 'light' });
    const alone = await other.page();
    await alone.goto(`${board}/api/runs/${RUN}/artifacts/${files.chart.$artifact}?view=1`);
    expect(await alone.evaluate(() => 'hacked' in globalThis)).toBe(false);
    await other.close();
  });

  it('never complained on the console', () => expect(browser.complaints).toEqual([]));
});
