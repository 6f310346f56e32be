import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of the system; null where there is none, and then the tests that need one say so. */
export const systemBrowser = (): string | null =>
  [process.env['CHROME_PATH'] ?? '', ...PATHS].find((path) => path !== '' && existsSync(path)) ?? null;

/** A look at the page: how wide the window is, and which theme the system prefers. */
export interface Look {
  readonly width: 1280 | 390;
  readonly theme: 'light' | 'dark';
}

/** A browser with a profile of its own, and everything that its pages complained about. */
export class Browser {
  /** Console errors and warnings, failures of scripts, and requests that were refused. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async open(executablePath: string, { width, theme }: Look): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'praxis-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      viewport: { width, height: width === 390 ? 844 : 800 },
      colorScheme: theme,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return new Browser(context, profile);
  }

  async page(): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // A page that is left lets go of its streams.
      if (why !== 'net::ERR_ABORTED') this.complaints.push(`request: ${request.url()} ${why}`);
    });
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
