/// <reference lib="dom" />
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunView } from '@praxis/wire';
import type { Page } from 'playwright-core';
import { Browser, systemBrowser } from './dashboard/browser.js';
import { praxis, sandbox, start, type Running } from './praxis.js';

const REQUEST = 'Robby in die Küche, aber nicht durch den Flur';
const HOW = 'nicht durch den Flur';
const SCRIPT = [
  {
    when: '^formal_goal$',
    json: { thought: '', kind: 'goal', condition: '(at robby kitchen)', constraints: [HOW], question: '' },
  },
  {
    when: '^meta_plan$',
    json: {
      thought: 'Two moves.',
      subgoals: [{ title: 'Go to the kitchen', owner: 'robby', after: [], achieves: '(at robby kitchen)', steps: [] }],
      questions: [],
    },
  },
  { when: '^critique$', json: { problems: [], agree: true } },
  {
    when: '^next_action$',
    times: 1,
    json: { thought: 'Out of the dining room first.', action: '(move robby dining-room hall)', question: '' },
  },
  { when: '^next_action$', times: 1, json: { thought: 'And on.', action: '(move robby hall kitchen)', question: '' } },
  { when: '^next_action$', json: { thought: 'There.', action: 'done', question: '' } },
  {
    when: '^final_check$',
    json: { verdicts: [{ constraint: 1, why: 'step 1 leads through the hall', verdict: 'broken' }] },
  },
];

const path = systemBrowser();
if (!path) process.stderr.write('no Chromium is installed: the run of a model was not looked at with a browser\n');

(path ? describe : describe.skip)('a run of a model, in a real browser', () => {
  const box = sandbox({ PRAXIS_EXECUTOR_COUNT: '1', PRAXIS_EXECUTOR_CONCURRENCY: '1' });
  const going: Running[] = [];
  let browser: Browser;
  let page: Page;
  let board: string;
  let run: string;
  let view: RunView;

  beforeAll(async () => {
    const script = join(box.dir, 'script.json');
    writeFileSync(script, JSON.stringify(SCRIPT));
    const node = start(['simulate-node', '--name', 'gpu', '--speed', '300', '--answers', script, '--json'], box.env);
    going.push(node);
    await node.until(/\n/);
    const env = { ...box.env, PRAXIS_MODEL_URL: (JSON.parse(node.stdout.split('\n')[0]!) as { url: string }).url };
    const product = start(['start', '--json'], env);
    going.push(product);
    await product.until(/"pid"/);
    board = (JSON.parse(product.stdout) as { dashboard: string }).dashboard;
    browser = await Browser.open(path!, { width: 1280, theme: 'light' });
    page = await browser.page();
    const submitted = await praxis(
      [
        'submit',
        '--world',
        'household',
        '--scenario',
        'breakfast-a',
        '--request',
        REQUEST,
        '--strategy',
        'react',
        '--no-archive',
        '--json',
      ],
      box.env,
    );
    expect(submitted.stderr).toBe('');
    run = (JSON.parse(submitted.stdout) as { run: string }).run;
    await praxis(['watch', run], box.env);
    view = JSON.parse((await praxis(['show', run, '--json'], box.env)).stdout) as RunView;
  });
  afterAll(async () => {
    await browser?.close();
    for (const one of going.toReversed()) await one.kill('SIGTERM');
    box.remove();
  });

  const figure = (name: string) =>
    page.locator('.figures > div', { has: page.locator(`dt:text-is("${name}")`) }).locator('dd');

  it('ends as failed in every place, since it broke a constraint of the request, and says which', async () => {
    expect(view).toMatchObject({
      summary: { status: 'failed', steps: 2, replans: 0 },
      constraints: [{ text: HOW, verdict: 'broken', why: 'step 1 leads through the hall' }],
    });
    const { stdout } = await praxis(['show', run], box.env);
    for (const line of [
      `request   ${REQUEST}`,
      'condition (at robby kitchen)',
      `constraint ${HOW} (BROKEN: step 1 leads through the hall)`,
    ])
      expect(stdout).toContain(line);
  });

  it('opens as ended, and never says anything else while its events are told', async () => {
    await page.addInitScript(() => {
      const seen = new Set<string>();
      Object.assign(globalThis, { statusesSeen: seen });
      new MutationObserver(() => {
        const title = document.querySelector('.run-title .status')?.textContent;
        if (title) seen.add(title);
      }).observe(document, { childList: true, subtree: true, characterData: true });
    });
    await page.goto(`${board}/runs/${run}`);
    await page.getByText('World opened').waitFor();
    expect(
      await page.evaluate(() => [...(globalThis as unknown as { statusesSeen: Set<string> }).statusesSeen]),
    ).toEqual(['Failed']);
  });

  it('tells the request, as what it was understood, and which constraint was broken', async () => {
    await page.getByText(REQUEST).first().waitFor();
    await page.locator('.run-goal').getByText('understood as').waitFor();
    await page.locator('.run-constraints').getByText('broken', { exact: true }).waitFor();
    expect(await page.locator('.run-reason').innerText()).toContain(HOW);
  });

  it('counts on its page what the list and the command line count', async () => {
    expect(await figure('Replans').innerText()).toBe(String(view.summary.replans));
    expect(await figure('Steps').innerText()).toBe(String(view.summary.steps));
    expect(await figure('Models').innerText()).toBe(
      `${view.spent.calls - view.summary.steps} calls ${view.spent.tokens.toLocaleString('en-US')} tokens`,
    );
    await page.getByText(/^Steps 2$/).waitFor();
    expect(await page.getByText(/replanned/i).count()).toBe(0);
  });

  it('says of a step that a model chose it, which one, where, and what it was told', async () => {
    const step = page.getByRole('button', { name: /move robby dining-room hall/ });
    await step.getByText('model', { exact: true }).waitFor();
    await step.click();
    const detail = page.locator('.step-detail');
    await detail.getByText('chosen by the model').waitFor();
    await detail.getByText('simulated on model').waitFor();
    await detail.getByText(/[\d,]+ tokens in \(\d+ cached\), \d+ out/).waitFor();
    await detail.getByText('The prompt').click();
    await detail.getByText(new RegExp(`constraints\\s+${HOW}`)).waitFor();
    expect(await page.locator('a[href^="/tools/"]').count()).toBe(0);
    expect(browser.complaints).toEqual([]);
  });
});
