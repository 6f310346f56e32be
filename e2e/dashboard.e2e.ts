/// <reference lib="dom" />
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryArtifacts, MemorySessions, openCatalog, serveWorld } from '@praxis/environments';
import { createLogger } from '@praxis/platform';
import type { Page } from 'playwright-core';
import { Browser, systemBrowser, type Look } from './dashboard/browser.js';
import { findFaults } from './dashboard/faults.js';
import { HOSTILE, HostileWorld } from './dashboard/hostile-world.js';
import { praxis, sandbox, start, type Running } from './praxis.js';

const LOOKS: readonly Look[] = [
  { width: 1280, theme: 'light' },
  { width: 1280, theme: 'dark' },
  { width: 390, theme: 'light' },
  { width: 390, theme: 'dark' },
];

const path = systemBrowser();
if (!path) process.stderr.write('no Chromium is installed: the dashboard was not looked at with a browser\n');

(path ? describe : describe.skip)('the dashboard, in a real browser', () => {
  const log = createLogger({ level: 'error', name: 'test' });
  let box: ReturnType<typeof sandbox>;
  let hostile: Awaited<ReturnType<typeof serveWorld>>;
  let product: Running;
  let board: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const household = await openCatalog({
      artifacts: new MemoryArtifacts(),
      sessions: new MemorySessions(),
      remotes: {},
      log,
    }).get('household');
    hostile = await serveWorld({ world: new HostileWorld(household, 'hostile'), address: '127.0.0.1:0', log });
    // One executor with one pair of hands, so that jobs wait and can be seen.
    box = sandbox({
      PRAXIS_EXECUTOR_COUNT: '1',
      PRAXIS_EXECUTOR_CONCURRENCY: '1',
      PRAXIS_WORLDS_REMOTES: `hostile=${hostile.address}`,
    });
    product = start(['start', '--json'], box.env);
    await product.until(/"pid"/);
    board = (JSON.parse(product.stdout) as { dashboard: string }).dashboard;
    browser = await Browser.open(path!, LOOKS[0]!);
    page = await browser.page();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.kill('SIGTERM');
    await hostile?.stop();
    box?.remove();
  });

  const submit = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await praxis(['submit', ...args, '--json'], box.env);
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as { run: string }).run;
  };
  /** The row of the list that leads to a run. */
  const row = (run: string) => page.locator('tr', { has: page.locator(`a[href="/runs/${run}"]`) });

  it('tells somebody who comes first what to type', async () => {
    await page.goto(board);
    await page.getByText('npx praxis submit --world household --goal breakfast-a').waitFor();
    await page.getByRole('status').getByText('Live').waitFor();
  });

  let run: string;
  it('shows a goal as soon as it is accepted, and how it gets on, without being loaded again', async () => {
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    run = await submit('--world', 'household', '--goal', 'breakfast-a');
    await row(run).getByText('Running').waitFor();
    await row(run)
      .getByText(/[1-9]\d*\/\d+/)
      .waitFor();
    expect(await page.evaluate(() => (globalThis as { isSamePage?: boolean }).isSamePage)).toBe(true);
  });

  it('opens a run, and shows its plan and its steps as they happen', async () => {
    await row(run).getByRole('link').click();
    await page.waitForURL(`${board}/runs/${run}`);
    await page.getByRole('heading', { name: 'household breakfast-a' }).waitFor();
    await page.getByRole('button', { name: /1\.1/ }).first().waitFor();
    // The timeline follows what happens, so that a row of it may be out of sight already.
    await page
      .getByLabel(/^Plan v1 with \d+ subgoals/)
      .first()
      .waitFor();
    const opened = page.locator('[data-row][aria-expanded=true]');
    // Rows move until the pointer is down on one: who misses it clicks again.
    for (let n = 0; n < 20 && !(await opened.isVisible()); n++) {
      await page
        .getByRole('button', { name: /reversible/ })
        .last()
        .click({ timeout: 5_000 })
        .catch(() => undefined);
      await opened.waitFor({ timeout: 1_000 }).catch(() => undefined);
    }
    const action = await opened.locator('.line-what').innerText();
    await page.locator('.run-title').getByText('Done').waitFor({ timeout: 90_000 });
    // What is being read stays in sight, however much happens after it.
    expect(await opened.locator('.line-what').innerText()).toBe(action);
  });

  it('finds the job of a subgoal that waits, on the board of the queues', async () => {
    const runs: string[] = [];
    const found = new AbortController();
    // Jobs come and go within the second: there are new ones until one is seen.
    const feeding = (async () => {
      while (!found.signal.aborted && runs.length < 60)
        await Promise.all(
          ['dinner-a', 'dishes-a', 'floors-a'].map(async (goal) =>
            runs.push(await submit('--world', 'household', '--goal', goal)),
          ),
        );
    })();
    const jobs = await browser.page();
    for (let n = 0; n < 60 && !found.signal.aborted; n++) {
      await jobs.goto(`${board}/queues/queue/execute.default?status=${n % 2 === 0 ? 'active' : 'waiting'}`);
      const ours = jobs.getByText(new RegExp(['r-none', ...runs].join('|'))).first();
      await ours.waitFor({ timeout: 1_500 }).then(
        () => found.abort(),
        () => undefined,
      );
    }
    expect(found.signal.aborted).toBe(true);
    await feeding;
    await jobs.close();
  });

  it('shows hostile text as text, whoever wrote it', async () => {
    const wild = await submit(
      '--world',
      'hostile',
      '--goal',
      'floors-a',
      '--title',
      HOSTILE.slice(0, 400),
      '--space',
      'wild',
    );
    const domain = join(box.dir, '<img src=x onerror=window.hacked=1>.pddl');
    writeFileSync(
      domain,
      '(define (domain lamp) (:predicates (on)) (:action press :parameters () :precondition (not (on)) :effect (on)))',
    );
    writeFileSync(
      `${domain}.problem`,
      '(define (problem <script>window.hacked=1</script>) (:domain lamp) (:init) (:goal (on)))',
    );
    const lamp = await submit('--domain', domain, '--problem', `${domain}.problem`);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(board);
    await row(wild).getByText('<img src=x onerror=').waitFor();
    await row(lamp).getByText('<script>window.hacked=1</script>').waitFor();
    await page.goto(`${board}/runs/${lamp}`);
    await page.locator('.run-title').getByText('Done').waitFor({ timeout: 90_000 });
    await page.goto(`${board}/runs/${wild}`);
    await page
      .locator('.run-title')
      .getByText(/Done|Failed/)
      .waitFor({ timeout: 120_000 });
    await page.getByText(/^Failures/).click();
    await page.locator('[aria-posinset="1"] button.step-failed').click();
    await page.getByText('drown drown').first().waitFor();
    expect(
      await page.evaluate(() => ({
        hacked: 'hacked' in globalThis,
        images: [...document.images].map((i) => i.src).filter((src) => !src.endsWith('/icon.svg')),
      })),
    ).toEqual({ hacked: false, images: [] });
    // A mark that turns the text around is shown, not obeyed.
    expect(await page.locator('h1').innerText()).not.toContain('\u202E');
    expect(dialogs).toEqual([]);
  });

  it('shows what was learned, who works and what waits', async () => {
    await page.goto(`${board}/tools`);
    await page
      .getByText(/make sure of/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page
      .getByText(/make sure of/)
      .first()
      .click();
    await page.waitForURL(/\/tools\/.+/);
    await page.goto(`${board}/cluster`);
    await page
      .getByText(/executor-1/)
      .first()
      .waitFor();
    await page.getByText('execute', { exact: false }).first().waitFor();
  });

  let asking: string;
  const questions = () => page.locator('[data-question]');
  it('shows what waits for a person as soon as it is asked, and what to type to answer', async () => {
    await page.goto(`${board}/questions`);
    await page.getByText('Nothing waits for a person').waitFor();
    asking = await submit(
      '--world',
      'household',
      '--goal',
      'dinner-b',
      '--title',
      'Dinner, with care',
      '--space',
      'care',
      '--rule',
      'ask effect=reversible expires=3600',
      '--money',
      '2',
    );
    await questions()
      .first()
      .getByText(/^May \(.+\) be done\?/)
      .waitFor({ timeout: 60_000 });
    const first = (await questions().first().getAttribute('data-question'))!;
    await questions()
      .first()
      .getByText(/expires in (59|60) min|expires in 1 h/)
      .waitFor();
    await page.getByRole('link', { name: /^Questions \d+ open$/ }).waitFor();
    await questions()
      .first()
      .getByRole('button', { name: `Copy: praxis answer ${first} --approve` })
      .click();
    await page.getByRole('status').getByText('Copied').waitFor();
    const [command, ...args] = (await page.evaluate(() => navigator.clipboard.readText())).split(' ');
    expect([command, args]).toEqual(['praxis', ['answer', first, '--approve']]);
    expect((await praxis([...args, '--by', 'ann'], box.env)).code).toBe(0);
    // It goes, and the next step of the run is asked about, without the page being loaded again.
    await page.locator(`[data-question="${first}"]`).waitFor({ state: 'detached' });
    await questions().first().waitFor({ timeout: 60_000 });
  });

  it('shows on the page of a run what it waits for, who answered what, and that it is held back', async () => {
    await page.goto(board);
    await row(asking)
      .getByText(/\d questions? waiting for a person/)
      .first()
      .waitFor({ state: 'attached' });
    await row(asking).getByRole('link').click();
    await page.waitForURL(`${board}/runs/${asking}`);
    await page.getByRole('region', { name: 'Questions of this run' }).locator('[data-question]').first().waitFor();
    await page.locator('.box-node.tone-ask').first().click();
    await page.locator('.node-detail').getByText('Waits for a person').waitFor();
    await page
      .locator('.node-detail')
      .getByText(/\d+ of \d+ steps/)
      .waitFor();
    await page.locator('.node-detail').getByRole('button', { name: 'Close the subgoal' }).click();
    await page.getByText(/0 of 2 money/).waitFor();
    await page.getByText(/^People/).click();
    for (const words of ['Asks for approval', 'Parked', 'Approved', 'by ann', 'Goes on'])
      await page.locator('.timeline').getByText(words, { exact: true }).first().waitFor();
    expect((await praxis(['pause', asking, '--reason', 'lunch'], box.env)).code).toBe(0);
    await page.locator('.run-title').getByText('Paused').waitFor();
    await page.getByText('Paused: lunch').waitFor();
    expect((await praxis(['resume', asking], box.env)).code).toBe(0);
    await page.locator('.run-title').getByText('Running').waitFor();
  });

  it('shows where a fork comes from, and what it does otherwise', async () => {
    const { stdout } = await praxis(['fork', run, '--at', '3', '--set', 'seed=7', '--json'], box.env);
    await page.goto(`${board}/runs/${(JSON.parse(stdout) as { run: string }).run}`);
    await page.getByText(/after 3 steps, with/).waitFor();
    await page.getByText('seed 7', { exact: true }).waitFor();
    await page.locator('.run-origin').getByRole('link', { name: run }).click();
    await page.waitForURL(`${board}/runs/${run}`);
  });

  it('can be used with the keyboard alone', async () => {
    await page.goto(board);
    await page.locator('a[data-row]').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('breakfast');
    await page.waitForURL(/text=breakfast/);
    await row(run).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\//);
  });

  it.each(LOOKS)(
    'is accessible and fits at $width px in the $theme theme, with nothing on the console',
    async (look) => {
      const other = await Browser.open(path!, look);
      const shown = await other.page();
      const [tool] = JSON.parse((await praxis(['tools', '--json'], box.env)).stdout) as { id: string }[];
      for (const [name, place, ready] of [
        ['runs', '/', 'a[data-row]'],
        ['run', `/runs/${run}`, '.box-node'],
        ['asking', `/runs/${asking}`, '[data-question]'],
        ['questions', '/questions', '[data-question]'],
        ['tools', '/tools', 'a[data-row]'],
        ['tool', `/tools/${tool!.id}`, 'h1'],
        ['cluster', '/cluster', 'h1'],
      ] as const) {
        await shown.goto(`${board}${place}`);
        await shown.locator(ready).first().waitFor();
        await shown.getByRole('status').getByText('Live').first().waitFor();
        const overflow = await shown.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect({ name, overflow }).toEqual({ name, overflow: 0 });
        expect({ name, found: await findFaults(shown) }).toEqual({ name, found: [] });
      }
      await other.close();
      expect(other.complaints).toEqual([]);
    },
  );

  it('asks nobody any more once the run is over (live.4)', async () => {
    await page.goto(`${board}/questions`);
    await questions().first().waitFor();
    expect((await praxis(['cancel', asking], box.env)).code).toBe(0);
    await page.getByText('Nothing waits for a person').waitFor();
  });

  it('never complained on the console, whatever it was shown', () => {
    expect(browser.complaints).toEqual([]);
  });
});
