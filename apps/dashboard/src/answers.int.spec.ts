import { makeQuestion, PraxisError, type Logger } from '@praxis/core';
import { MemoryPlanner } from '@praxis/testing';
import { HOSTILE, Stage, TOOL, log } from './fixtures/stage.js';
import type { DashboardParts } from './parts.js';

let planner: MemoryPlanner;
let stage: Stage;
beforeEach(() => {
  planner = new MemoryPlanner();
  planner.accept('r-1', HOSTILE, { tools: [TOOL] });
  stage = new Stage(planner);
});
afterEach(() => stage.close());
const start: Stage['start'] = (...asked) => stage.start(...asked);

describe('what the dashboard answers', () => {
  it('tells how the cluster stands', async () => {
    const browser = await start();
    expect(await browser.get('/api/overview')).toMatchObject({
      status: 200,
      json: JSON.parse(JSON.stringify(planner.overviewNow)) as object,
    });
    expect(await browser.get('/healthz')).toMatchObject({ status: 200, json: { status: 'serving' } });
    expect(await browser.get('/api/session')).toMatchObject({
      status: 200,
      json: { needsKey: false, signedIn: true, version: '1.2.3' },
    });
  });

  it('lists runs by page and filter, and refuses filters that mean nothing', async () => {
    for (const n of [2, 3, 4]) planner.accept(`r-${n}`, `Make breakfast ${n}`);
    planner.happen('r-3', { type: 'ended', outcome: 'done', reason: '' });
    const browser = await start();
    const ids = async (query: string): Promise<unknown> =>
      ((await browser.get(`/api/runs${query}`)).json as { runs: { id: string }[] }).runs.map((r) => r.id);
    expect(await ids('')).toEqual(['r-4', 'r-3', 'r-2', 'r-1']);
    expect(await ids('?status=done&world=&text=')).toEqual(['r-3']);
    expect(await ids('?text=BREAKFAST&size=2')).toEqual(['r-4', 'r-3']);
    const { next } = (await browser.get('/api/runs?size=2')).json as { next: string };
    expect(await ids(`?size=2&page=${next}`)).toEqual(['r-2', 'r-1']);
    for (const query of [
      '?status=<script>',
      '?size=0',
      '?size=many',
      '?status=done&status=failed',
      `?text=${'x'.repeat(300)}`,
    ]) {
      const { status, json } = await browser.get(`/api/runs${query}`);
      expect([query, status, json]).toEqual([
        query,
        400,
        { code: 'invalid', message: expect.stringMatching(/^The parameter "\w+" is wrong: /) },
      ]);
    }
  });

  it('shows a run and a tool, or says that there is none', async () => {
    const browser = await start();
    expect(await browser.get('/api/runs/r-1')).toMatchObject({
      status: 200,
      json: { summary: { id: 'r-1', title: HOSTILE }, plan: null, tools: [{ id: 't-1' }] },
    });
    expect(await browser.get('/api/runs/r-9')).toMatchObject({
      status: 404,
      json: { code: 'missing', message: expect.stringContaining('r-9') },
    });
    expect(await browser.get('/api/tools')).toMatchObject({ status: 200, json: [{ id: 't-1' }] });
    expect(await browser.get('/api/tools?space=other')).toMatchObject({ status: 200, json: [] });
    expect(await browser.get('/api/tools/t-1')).toMatchObject({ status: 200, json: TOOL });
    expect(await browser.get('/api/tools/t-9')).toMatchObject({ status: 404, json: { code: 'missing' } });
    expect(await browser.get('/api/nothing')).toMatchObject({ status: 404, json: { code: 'missing' } });
    expect(await browser.get('/api/runs/%E0%A4%A')).toMatchObject({ status: 400, json: { code: 'invalid' } });
  });

  it('tells why a step was decided, or which parameter is wrong', async () => {
    const browser = await start();
    planner.step('r-1', 'subgoal/r-1.1.1.1', {
      type: 'decided',
      id: 'e0',
      step: 0,
      action: { skill: 'go', args: {} },
      why: HOSTILE,
      origin: 'model',
      taint: [],
    });
    expect(await browser.get('/api/runs/r-1/why?subgoal=r-1.1.1.1&step=0')).toMatchObject({
      status: 200,
      json: { decision: { step: 0, why: HOSTILE, origin: 'model' }, thoughts: [] },
    });
    expect(await browser.get('/api/runs/r-9/why?subgoal=r-9.1.1.1&step=0')).toMatchObject({ status: 404 });
    for (const query of ['', '?subgoal=r-1.1.1.1', '?subgoal=r-1.1.1.1&step=-1', '?subgoal=&step=0'])
      expect(await browser.get(`/api/runs/r-1/why${query}`)).toMatchObject({ status: 400, json: { code: 'invalid' } });
  });

  it('lists what waits for people, and answers nothing itself', async () => {
    const action = { skill: 'pay', args: { to: HOSTILE } };
    planner.step('r-1', 'subgoal/r-1.1.1.1', {
      type: 'asked',
      id: 'e1',
      question: makeQuestion({
        id: 'q-1',
        kind: 'approval',
        text: HOSTILE,
        action,
        effect: 'irreversible',
        taint: [HOSTILE],
        fingerprint: 'f',
      }),
    });
    planner.accept('r-2', 'Other');
    planner.happen('r-2', { type: 'asked', question: makeQuestion({ id: 'q-2', kind: 'budget', text: 'More?' }) });
    const browser = await start();
    const ids = async (query: string): Promise<unknown> =>
      ((await browser.get(`/api/questions${query}`)).json as { question: { id: string } }[]).map((q) => q.question.id);
    expect(await ids('')).toEqual(['q-1', 'q-2']);
    expect(await ids('?run=r-2&kind=')).toEqual(['q-2']);
    expect(await ids('?kind=approval')).toEqual(['q-1']);
    expect((await browser.get('/api/questions')).json).toMatchObject([
      {
        run: 'r-1',
        title: HOSTILE,
        subgoal: 'r-1.1.1.1',
        question: { action, effect: 'irreversible', taint: [HOSTILE] },
      },
      { run: 'r-2', subgoal: null },
    ]);
    expect(await browser.get('/api/questions?kind=<script>')).toMatchObject({
      status: 400,
      json: { code: 'invalid', message: expect.stringContaining('"kind"') },
    });
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await browser.send({ method, path: '/api/questions' })).status).toBeGreaterThanOrEqual(400);
    expect(await ids('')).toEqual(['q-1', 'q-2']);
  });

  it('keeps hostile text data, however long it is', async () => {
    const browser = await start();
    for (const path of [
      '/api/runs',
      '/api/runs/r-1',
      '/api/tools/t-1',
      `/api/runs/${encodeURIComponent(HOSTILE)}`,
      `/api/tools/${encodeURIComponent(HOSTILE)}`,
    ]) {
      const { headers, text } = await browser.get(path);
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers.etag).toBeUndefined();
      expect(text).toContain('onerror=\\"alert(1)\\"');
    }
    expect((await browser.get('/api/runs/r-1')).text.length).toBeGreaterThan(1_000_000);
  });

  it('says that the planner is away, and answers again when it is back', async () => {
    const server = await stage.serve();
    const browser = await start({}, server);
    await server.stop();
    for (const path of [
      '/api/overview',
      '/api/runs',
      '/api/runs/r-1',
      '/api/runs/r-1/events',
      '/api/questions',
      '/api/tools',
    ]) {
      expect(await browser.get(path)).toMatchObject({
        status: 503,
        json: { code: 'unavailable', message: expect.stringMatching(/cannot reach the (planner|archive)/) },
      });
    }
    expect(await browser.get('/healthz')).toMatchObject({ status: 200 });
    await stage.serve(server.address);
    while ((await browser.get('/api/overview')).status !== 200);
    expect(await browser.get('/api/runs/r-1')).toMatchObject({ status: 200 });
  });

  it('tells nobody what went wrong inside', async () => {
    const failures: unknown[] = [];
    const telling: Logger = { ...log, error: (...said) => void failures.push(said), child: () => telling };
    const broken: DashboardParts['archive'] = {
      get: () => Promise.reject(new PraxisError('denied', 'Wrong key.')),
      list: () => Promise.reject(new TypeError('password=secret')),
    };
    const browser = await start({ archive: broken, log: telling });
    const answer = await browser.get('/api/tools');
    expect(answer).toMatchObject({ status: 500, json: { code: 'bug' } });
    expect(answer.text).not.toContain('secret');
    expect(failures).toHaveLength(1);
    expect(await browser.get('/api/tools/t-1')).toMatchObject({
      status: 502,
      json: { code: 'denied', message: expect.stringContaining('PRAXIS_API_KEY') },
    });
  });

  it('has metrics where something is measured', async () => {
    expect(await (await start()).get('/metrics')).toMatchObject({ status: 404 });
    const browser = await start({ metrics: (_request, response) => void response.end('praxis_runs 1\n') });
    expect(await browser.get('/metrics')).toMatchObject({ status: 200, text: 'praxis_runs 1\n' });
  });

  it('shows the lanes of the executors on the board of the queues', async () => {
    planner.overviewNow = {
      ...planner.overviewNow,
      executors: [
        {
          name: 'e',
          address: 'a:1',
          lanes: ['default', 'gpu'],
          concurrency: 1,
          busy: [],
          draining: false,
          startedAt: 1,
          seenAt: 1,
        },
      ],
    };
    expect(await (await start()).get('/queues/api/queues')).toMatchObject({ status: 200, text: 'lanes default,gpu' });
  });
});
