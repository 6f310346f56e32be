import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARTIFACT_PART_BYTES, type ArtifactRef, type Output } from '@praxis/core';
import { FolderArtifactStore } from '@praxis/store';
import { MemoryPlanner } from '@praxis/testing';
import { hashKey, type RunView } from '@praxis/wire';
import { KEY, Stage } from '../fixtures/stage.js';

/** A planner whose runs gave what a test says. */
class GivingPlanner extends MemoryPlanner {
  readonly given = new Map<
    string,
    Pick<RunView, 'result' | 'outputs'> & { readonly inputs: RunView['goal']['inputs'] }
  >();

  override async get(id: string): Promise<RunView> {
    const view = await super.get(id);
    const { inputs = {}, ...given } = this.given.get(id) ?? {};
    return { ...view, ...given, goal: { ...view.goal, inputs } };
  }
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const output = (more: Partial<Output>): Output => ({ value: null, artifacts: [], taint: [], ...more });
const at = (run: string, { $artifact }: Pick<ArtifactRef, '$artifact'>, more = ''): string =>
  `/api/runs/${run}/artifacts/${$artifact}${more}`;

let folder: string;
let store: FolderArtifactStore;
let stage: Stage;
let files: Readonly<Record<'report' | 'page' | 'chart' | 'input' | 'left' | 'large' | 'foreign', ArtifactRef>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'praxis-files-'));
  store = new FolderArtifactStore(folder);
  const put = (text: string | Buffer, name: string, mediaType: string): Promise<ArtifactRef> =>
    store.put(Buffer.from(text), { name, mediaType });
  files = {
    report: await put('# Grüße', 'out/отчёт "май".md', 'text/markdown'),
    page: await put('<script>alert(1)</script>', 'page.html', 'text/html'),
    chart: await put(SCRIPT, 'chart.svg', 'image/svg+xml'),
    input: await put('a,b\n1,2\n', 'sales.csv', 'text/csv'),
    left: await put('%PDF', 'paper.pdf', 'application/pdf'),
    large: await put(Buffer.alloc(5 * ARTIFACT_PART_BYTES + 3, 7), 'large.bin', 'application/octet-stream'),
    foreign: await put('the secret of another run', 'secret.txt', 'text/plain'),
  };
  const planner = new GivingPlanner();
  for (const run of ['r-1', 'r-2']) planner.accept(run, 'Report');
  planner.given.set('r-1', {
    result: output({
      value: { chart: files.chart, deep: [{ page: files.page }] },
      artifacts: [files.report, files.large],
    }),
    outputs: { paper: output({ artifacts: [files.left] }) },
    inputs: { sales: files.input },
  });
  planner.given.set('r-2', { result: output({ artifacts: [files.foreign] }), outputs: {}, inputs: {} });
  stage = new Stage(planner, store);
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

describe('the files of a run', () => {
  it('are saved under their names, wherever the run refers to them', async () => {
    const browser = await stage.start();
    expect(await browser.get(at('r-1', files.report))).toMatchObject({
      status: 200,
      text: '# Grüße',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': `attachment; filename="_____ _____.md"; filename*=UTF-8''${encodeURIComponent('отчёт "май".md')}`,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
    for (const ref of [files.chart, files.page, files.input, files.left])
      expect(await browser.get(at('r-1', ref))).toMatchObject({
        status: 200,
        headers: { 'content-disposition': expect.stringMatching(new RegExp(`^attachment; filename="${ref.name}"`)) },
      });
  });

  it('are shown as images or as plain text, and nothing else is shown (files.2)', async () => {
    const browser = await stage.start();
    const shown = async (ref: ArtifactRef): Promise<unknown[]> => {
      const { headers } = await browser.get(at('r-1', ref, '?view=1'));
      expect(headers).toMatchObject({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
      return [headers['content-type'], headers['content-disposition']!.split(';')[0]];
    };
    expect(await shown(files.chart)).toEqual(['image/svg+xml', 'inline']);
    for (const ref of [files.page, files.report, files.input])
      expect(await shown(ref)).toEqual(['text/plain; charset=utf-8', 'inline']);
    for (const ref of [files.left, files.large])
      expect(await shown(ref)).toEqual(['application/octet-stream', 'attachment']);
  });

  it('are given by no other run, not even as being there (files.1)', async () => {
    const browser = await stage.start();
    const nowhere = { $artifact: createHash('sha256').update('nowhere').digest('hex') };
    const foreign = await browser.get(at('r-1', files.foreign));
    expect(foreign).toMatchObject({ status: 404, json: { code: 'missing' } });
    expect(foreign.text).not.toContain('secret');
    expect((await browser.get(at('r-1', nowhere))).json).toEqual(foreign.json);
    expect(await browser.get(at('r-2', files.foreign))).toMatchObject({ status: 200 });
    expect(await browser.get(at('r-none', files.foreign))).toMatchObject({ status: 404 });
  });

  it('are found by their hash alone, whatever a path tries', async () => {
    writeFileSync(join(folder, 'loose.txt'), 'loose');
    const browser = await stage.start();
    const hash = files.report.$artifact;
    for (const path of [
      '..%2floose.txt',
      '..%2f..%2f..%2f..%2fetc%2fpasswd',
      '%2e%2e/loose.txt',
      hash.toUpperCase(),
      hash.slice(1),
      `${hash}%00`,
      `${hash}%2f..%2floose.txt`,
      '__proto__',
    ])
      expect([path, (await browser.get(`/api/runs/r-1/artifacts/${path}`)).status]).toEqual([path, 404]);
  });

  it('are missing where the store has lost them, and nothing else is said before that is known', async () => {
    for await (const { sha256 } of store.list()) await store.remove([sha256], Date.now() + 60_000);
    const browser = await stage.start();
    expect(await browser.get(at('r-1', files.report))).toMatchObject({ status: 404, json: { code: 'missing' } });
  });

  it('come whole however large, under the name that was asked for where the run has it', async () => {
    const browser = await stage.start();
    const { status, headers, text } = await browser.get(at('r-1', files.large, '?name=large.bin'));
    expect([status, text.length]).toEqual([200, files.large.size]);
    expect(headers['content-disposition']).toContain('filename="large.bin"');
    const other = await browser.get(at('r-1', files.large, '?name=evil.exe'));
    expect(other.headers['content-disposition']).toContain('filename="large.bin"');
    expect(await browser.send({ method: 'HEAD', path: at('r-1', files.large) })).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-disposition': expect.stringContaining('large.bin') },
    });
  });

  it('let go of a browser that leaves in the middle, and serve the next one (files.3)', async () => {
    const browser = await stage.start();
    const [host, port] = browser.address.split(':') as [string, string];
    await new Promise<void>((resolve, reject) => {
      const sent = get({ host, port, path: at('r-1', files.large) }, (response) => {
        response.once('data', () => sent.destroy());
        response.once('close', () => resolve());
        response.on('error', () => undefined);
      }).on('error', reject);
    });
    expect((await browser.get(at('r-1', files.large))).text).toHaveLength(files.large.size);
  });

  it('have the doors of everything else: a key, names, one origin, and nothing to change', async () => {
    const path = at('r-1', files.report);
    const locked = await stage.start({ keyHashes: [hashKey(KEY)] });
    expect(await locked.get(path)).toMatchObject({ status: 401 });
    expect(await locked.get(path, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
    expect(await locked.get(path, { authorization: `Bearer ${KEY}` })).toMatchObject({ status: 200 });
    const open = await stage.start();
    expect(await open.get(path, { host: 'evil.example' })).toMatchObject({ status: 421 });
    expect(await open.get(path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toMatchObject({
      status: 403,
    });
    expect(await open.send({ method: 'DELETE', path })).toMatchObject({ status: 405 });
  });
});
