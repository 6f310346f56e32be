// Takes the pictures of docs/images: plays the demo with its dashboard and looks at it with the system's Chromium,
// narrow and wide, light and dark. `node tools/pictures.mjs [FOLDER]`
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const to = process.argv[2] ?? 'docs/images';
const LOOKS = [1280, 390].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })));
const dir = mkdtempSync(join(tmpdir(), 'praxis-pictures-'));
chmodSync(dir, 0o755);
mkdirSync(to, { recursive: true });

const demo = spawn(process.execPath, ['apps/cli/bin/praxis.mjs', 'demo', '--keep', '--out', join(dir, 'praxis-demo')], {
  env: { ...process.env, PRAXIS_DATA_DIR: join(dir, '.praxis'), NO_COLOR: '1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let said = '';
demo.stdout.on('data', (chunk) => (said += chunk));
const heard = async (pattern) => {
  while (!pattern.test(said)) {
    if (demo.exitCode !== null) throw new Error(`the demo ended:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return pattern.exec(said);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const shoot = async (name, path, ready, looks = [LOOKS[0], LOOKS[3]], before = async () => {}) => {
  await Promise.all(
    looks.map(async ({ width, theme }) => {
      const page = await browser.newPage({
        viewport: { width, height: width === 390 ? 844 : 800 },
        colorScheme: theme,
        deviceScaleFactor: width === 390 ? 2 : 1,
      });
      await page.goto(board + path);
      await page.locator(ready).first().waitFor();
      await page.getByRole('status').getByText('Live').first().waitFor();
      await before(page);
      await page.waitForTimeout(700);
      await page.screenshot({ path: join(to, `${name}-${width}-${theme}.png`) });
      await page.close();
    }),
  );
  console.log(`${name}: ${looks.length} pictures`);
};

const [board] = await heard(/http:\/\/127\.0\.0\.1:\d+/);
try {
  const ask = async (path) => (await fetch(`${board}/api/${path}`)).json();
  // The playbook and the first half are 9 runs. When the second half has begun there is most to see: goals under way, and tools that help them.
  for (;;) {
    const { runs } = await ask('overview');
    if (runs.done >= 9 && runs.running >= 4) break;
    if (runs.done === 17) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await shoot('runs', '/', 'a[data-row]', LOOKS);
  await heard(/Learned/);
  const { runs } = await ask('runs?size=50');
  const repaired = runs.find((run) => run.planVersion > 1 && run.status === 'done') ?? runs.at(-1);
  await shoot('run', `/runs/${repaired.id}`, '.box-node', LOOKS, (page) =>
    page
      .locator('button.step-failed')
      .first()
      .click({ timeout: 2_000 })
      .catch(() => {}),
  );
  await shoot('tools', '/tools', 'a[data-row]');
  const tool = (await ask('tools')).find((t) => t.trust === 'active' && t.body.kind === 'guard');
  await shoot('tool', `/tools/${tool.id}`, 'h1');
  await shoot('cluster', '/cluster', 'h1');
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  await new Promise((resolve) => demo.once('close', resolve));
  rmSync(dir, { recursive: true, force: true });
}
