import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PraxisError, goalSchema, type GoalInput, type Logger, type RunSummary } from '@praxis/core';
import { serveWorld } from '@praxis/environments';
import { startSimulatedNode, type StartedNode } from '@praxis/simulator';
import { PRESETS } from '@praxis/strategy';
import {
  LampWorld,
  NEEDS_PYTHON,
  WORLD_KINDS,
  exampleFolder,
  hasPythonWorlds,
  startPythonWorld,
} from '@praxis/testing';
import { connectPlanner, type PlannerApi } from '@praxis/wire';
import { praxis, sandbox, start, type Running } from './praxis.js';
import { BILLING_MIND, BlockModel, EXAMPLES_MIND, LAMP_MIND } from './worlds/block-model.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
} as unknown as Logger;
const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500', PRAXIS_EXECUTOR_COUNT: '1', PRAXIS_EXECUTOR_CONCURRENCY: '4' });
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  box.remove();
});

/** Everything in one process, in a folder of its own. */
async function cluster(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly planner: PlannerApi; readonly env: NodeJS.ProcessEnv }> {
  const dir = join(box.dir, name);
  const env = { ...box.env, PRAXIS_DATA_DIR: dir, ...settings };
  const service: Running = start(['start'], env);
  stops.push(() => service.kill('SIGKILL'));
  await service.until(/Ctrl-C stops everything/);
  const planner = connectPlanner(
    (JSON.parse(readFileSync(join(dir, 'running.json'), 'utf8')) as { planner: string }).planner,
  );
  stops.push(async () => planner.close());
  return { planner, env };
}

async function until<T>(look: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    await new Promise((r) => setTimeout(r, 100));
  }
}

const ended = (planner: PlannerApi, run: string): Promise<RunSummary> =>
  until(async () => {
    const { summary } = await planner.get(run);
    return ['done', 'failed', 'cancelled'].includes(summary.status) && summary;
  });

/** One served world for each kind, and the setting that names them. */
async function lampWorlds(): Promise<{ readonly worlds: readonly LampWorld[]; readonly remotes: string }> {
  const worlds = WORLD_KINDS.map((kind) => new LampWorld(kind));
  const served = await Promise.all(worlds.map((world) => serveWorld({ world, address: '127.0.0.1:0', log: silent })));
  stops.push(() => Promise.all(served.map((s) => s.stop())));
  return { worlds, remotes: served.map(({ address }, i) => `lamps${i}=${address}`).join(',') };
}

async function modelOf(mind: BlockModel): Promise<StartedNode> {
  const node = await startSimulatedNode({ answers: mind, speed: 500 });
  stops.push(() => node.stop());
  return node;
}

const goal = (more: Partial<GoalInput>) => goalSchema.parse({ title: 'g', ...more });
/** Those that a goal in a world may name; the other two roll runs back and carry playbooks out. */
/** Those that act by a world's actions; what writes calls of skills instead is in `work-ways.e2e.ts`. */
const STRATEGIES = Object.keys(PRESETS).filter((id) => !['rollback', 'playbook', 'draft'].includes(id));

describe('every kind of world with every strategy that can work in it', () => {
  let planner: PlannerApi;
  let worlds: readonly LampWorld[];
  let remotes: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    ({ worlds, remotes } = await lampWorlds());
    ({ planner, env } = await cluster('worlds', {
      PRAXIS_WORLDS_REMOTES: remotes,
      PRAXIS_MODEL_URL: (await modelOf(new BlockModel(LAMP_MIND))).url,
    }));
  });

  const dark = (world: number, strategy: string) => goal({ world: `lamps${world}`, scenario: 'dark', strategy });
  const kinds = WORLD_KINDS.map((kind, i) => [JSON.stringify(kind), i] as const);

  it.each(kinds)('reaches the goal of a world with %s, whose sessions have nothing beyond that', async (_, i) => {
    const able = STRATEGIES.filter((s) => WORLD_KINDS[i]!.rules || s !== 'search');
    const runs = await Promise.all(able.map((strategy) => planner.submit(dark(i, strategy), null)));
    const summaries = await Promise.all(runs.map((run) => ended(planner, run)));
    expect(summaries.map(({ status, reason }, n) => `${able[n]!} ${status}: ${reason}`)).toEqual(
      able.map((s) => `${s} done: the goal holds`),
    );
  });

  it('refuses what cannot work before a run begins, with what to use instead', async () => {
    await expect(planner.submit(dark(4, 'search'), null)).rejects.toMatchObject({
      message: expect.stringMatching(/tells none\. Use a strategy with a model/) as string,
    });
    expect(worlds[4]!.sessionCount).toBe(STRATEGIES.length - 1);
  });

  it('shows, explains, replays and forks a run in a world without rules, and says why nothing can be taken back', async () => {
    const run = await planner.submit(dark(5, 'react'), null);
    await ended(planner, run);
    for (const verb of [
      ['show', run, '--steps'],
      ['why', run, '0'],
      ['why', run, '--plan'],
      ['replay', run],
      ['replay', run, '--mode', 'verify'],
      ['replay', run, '--mode', 'live'],
    ]) {
      const { code, stdout, stderr } = await praxis(verb, env);
      expect(code === 0 ? '' : `${verb.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`).toBe('');
    }
    // No skill of this world declares an undo.
    const back = await praxis(['rollback', run], env);
    expect(back).toMatchObject({ code: 2, stderr: expect.stringContaining('its skill declares no undo') as string });
    const fork = { run, at: { step: 1 }, seed: '7', strategy: null, freshArchive: false, action: null };
    expect(await ended(planner, await planner.fork(fork))).toMatchObject({ status: 'done' });
    await expect(planner.fork({ ...fork, seed: null, strategy: 'search' })).rejects.toMatchObject({
      message: expect.stringMatching(/searches the rules of a world/) as string,
    });
    const mute = await planner.submit(dark(6, 'react'), null);
    await ended(planner, mute);
    await expect(planner.fork({ ...fork, run: mute })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be cloned/) as string,
    });
    expect((await praxis(['replay', mute, '--mode', 'verify'], env)).code).toBe(0);
  });

  it('learns nothing from a world that cannot be cloned or tells no rules, and goes on', async () => {
    await until(
      async () =>
        (await planner.overview()).queues?.every((q) => q.queue !== 'reflect' || q.waiting + q.active === 0) ?? false,
    );
  });

  it('needs no model where rules are told, and says at once what is missing where they are not', async () => {
    const { planner: alone } = await cluster('alone', { PRAXIS_WORLDS_REMOTES: remotes });
    expect(await ended(alone, await alone.submit(dark(2, 'hybrid'), null))).toMatchObject({
      status: 'done',
      modelCalls: 0,
    });
    await expect(alone.submit(dark(6, 'hybrid'), null)).rejects.toMatchObject({
      message: expect.stringMatching(/needs a model there.*PRAXIS_MODEL_URL/) as string,
    });
    const unreachable = await alone.submit(
      goal({
        world: 'lamps2',
        scenario: 'dark',
        condition: '(and (lit left) (not (plugged left)))',
        strategy: 'hybrid',
      }),
      null,
    );
    expect(await ended(alone, unreachable)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/no model is there to ask.*before, search/) as string,
    });
  });

  it('says for what a subgoal waits when the node goes away in the middle of it', async () => {
    let leave = (): void => undefined;
    const gone = new Promise<void>((resolve) => (leave = resolve));
    const leaving = (): never => {
      leave();
      throw new PraxisError('unavailable', 'it is about to leave');
    };
    const node = await modelOf(new BlockModel({ ...LAMP_MIND, next_action: leaving }));
    const { planner: waiting } = await cluster('left', { PRAXIS_WORLDS_REMOTES: remotes, PRAXIS_MODEL_URL: node.url });
    const run = await waiting.submit(dark(6, 'react'), null);
    await gone;
    await node.stop();
    const { status, reason } = await until(async () => {
      const { summary } = await waiting.get(run);
      return (summary.reason !== '' || summary.endedAt !== null) && summary;
    });
    expect([status, reason]).toEqual(['running', expect.stringMatching(/No model could be asked/)]);
    const again = await startSimulatedNode({
      answers: new BlockModel(LAMP_MIND),
      speed: 500,
      port: Number(new URL(node.url).port),
    });
    stops.push(() => again.stop());
    expect(await ended(waiting, run)).toMatchObject({ status: 'done', reason: 'the goal holds' });
    expect(await praxis(['replay', run], { ...box.env, PRAXIS_DATA_DIR: join(box.dir, 'left') })).toMatchObject({
      code: 0,
    });
  });

  it('says for what a run waits while no node answers, and goes on when one does', async () => {
    const node = await modelOf(new BlockModel(LAMP_MIND));
    const { planner: waiting, env: there } = await cluster('waiting', {
      PRAXIS_WORLDS_REMOTES: remotes,
      PRAXIS_MODEL_URL: node.url,
    });
    await node.stop();
    // One needs a model to plan, the other one to act.
    const runs = await Promise.all(['draft', 'react'].map((strategy) => waiting.submit(dark(6, strategy), null)));
    const summaries = runs.map((run) =>
      until(async () => {
        const { summary } = await waiting.get(run);
        return summary.reason !== '' && [summary.status, summary.reason];
      }),
    );
    expect(await Promise.all(summaries)).toEqual([
      ['waiting', expect.stringMatching(/No model could be asked/)],
      ['running', expect.stringMatching(/No model could be asked/)],
    ]);
    expect((await praxis(['show', runs[0]!], there)).stdout).toMatch(/status +waiting: No model could be asked/);
    await waiting.cancel(runs[0]!, 'enough');
    const run = runs[1]!;
    const again = await startSimulatedNode({
      answers: new BlockModel(LAMP_MIND),
      speed: 500,
      port: Number(new URL(node.url).port),
    });
    stops.push(() => again.stop());
    expect(await ended(waiting, run)).toMatchObject({ status: 'done', reason: 'the goal holds' });
  });
});

/** The example worlds are served by Python, which reads no PDDL: conditions reach them as structure. */
function pythonWorlds(): void {
  it('reach their goals under every strategy that can work in them, and check-world says whether it saw that', async () => {
    const [lamps, notes] = await Promise.all(['python-world', 'plain-world'].map(startPythonWorld));
    stops.push(lamps!.stop, notes!.stop);
    const { planner, env } = await cluster('python', {
      PRAXIS_WORLDS_REMOTES: `lamps=${lamps!.address},notes=${notes!.address}`,
      PRAXIS_MODEL_URL: (await modelOf(new BlockModel(EXAMPLES_MIND))).url,
    });
    const goals = [
      ...STRATEGIES.map((strategy) => goal({ world: 'lamps', scenario: 'dark', strategy })),
      ...STRATEGIES.filter((s) => s !== 'search').map((strategy) =>
        goal({ world: 'notes', scenario: 'empty', strategy }),
      ),
    ];
    const runs = await Promise.all(goals.map((one) => planner.submit(one, null)));
    const summaries = await Promise.all(runs.map((run) => ended(planner, run)));
    expect(summaries.map(({ status, reason }, n) => `${goals[n]!.strategy} ${status}: ${reason}`)).toEqual(
      goals.map(({ strategy }) => `${strategy} done: the goal holds`),
    );
    const refused = await praxis(['submit', '--world', 'notes', '--goal', 'empty', '--strategy', 'search'], env);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('the world notes tells none') as string });

    const way = join(exampleFolder('plain-world'), 'way-to-the-goal.txt');
    expect(await praxis(['check-world', lamps!.address], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/none is broken\. .*The goal was reached\.\s*$/) as string,
    });
    expect(await praxis(['check-world', notes!.address], env)).toMatchObject({
      code: 9,
      stdout: expect.stringMatching(/That the goal can be reached is not shown\.\s*$/) as string,
    });
    expect(await praxis(['check-world', notes!.address, '--actions', way], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/The goal was reached\.\s*$/) as string,
    });
  });
}

describe('the example worlds in Python', () => {
  if (hasPythonWorlds()) pythonWorlds();
  else it.skip(NEEDS_PYTHON, () => {});
});

const BILLING = `(define (domain billing) (:requirements :strips :typing) (:types invoice) (:predicates (listed) (noted ?i - invoice))
  (:action note-list :parameters () :precondition (and) :effect (listed))
  (:action note :parameters (?i - invoice) :precondition (listed) :effect (noted ?i)))`;
const REMINDERS =
  '(define (problem reminders) (:domain billing) (:objects inv-101 inv-102 inv-103 - invoice) (:init) (:goal (and (listed) (noted inv-101) (noted inv-103))))';

/** An invoicing service, which remembers what it was asked to do. */
async function invoicing(): Promise<{ readonly url: string; readonly reminded: object[] }> {
  const reminded: object[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'POST')
        reminded.push({
          body: JSON.parse(Buffer.concat(chunks).toString()) as object,
          hasKey: typeof request.headers['idempotency-key'] === 'string',
        });
      const answer =
        request.method === 'GET'
          ? '[{"id":"inv-101","due":"2026-10-01"},{"id":"inv-103","due":"2026-10-09"}]'
          : '{"sent":true}';
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reminded };
}

function skillsFile(url: string): string {
  const file = join(box.dir, 'skills.yaml');
  writeFileSync(
    file,
    [
      'skills:',
      `  - { name: list-overdue, summary: lists the overdue invoices, effect: pure, http: { method: GET, url: "${url}/overdue" } }`,
      `  - { name: send-reminder, summary: reminds the customer of an invoice, parameters: [{ name: invoice }], effect: irreversible, keyed: true, http: { url: "${url}/remind" } }`,
      '',
    ].join('\n'),
  );
  return file;
}

describe('skills over HTTP that perform no action of the world', () => {
  it('are chosen by a model, whose next prompts show what they answered; what cannot be taken back asks a person', async () => {
    const service = await invoicing();
    const model = new BlockModel(BILLING_MIND);
    const { planner, env } = await cluster('billing', {
      PRAXIS_SKILLS_FILE: skillsFile(service.url),
      PRAXIS_MODEL_URL: (await modelOf(model)).url,
    });
    const run = await planner.submit(
      goal({ world: 'pddl', problem: { domain: BILLING, problem: REMINDERS }, strategy: 'react' }),
      null,
    );
    const approved: unknown[] = [];
    const summary = await until(async () => {
      for (const { question } of await planner.questions({ run, kind: null })) {
        approved.push([question.kind, question.taint]);
        await planner.answer(question.id, {
          verdict: 'approve',
          by: 'ann',
          reason: '',
          args: null,
          grant: null,
          value: null,
        });
      }
      const { summary: now } = await planner.get(run);
      return ['done', 'failed', 'cancelled'].includes(now.status) && now;
    });
    expect(summary).toMatchObject({ status: 'done', failedSteps: 0 });
    expect(service.reminded).toEqual([
      { body: { invoice: 'inv-101' }, hasKey: true },
      { body: { invoice: 'inv-103' }, hasKey: true },
    ]);
    const source = service.url.replace('http://', 'http:');
    expect(approved).toEqual([
      ['approval', ['model', source]],
      ['approval', ['model', source]],
    ]);

    // The answer was got in the first subgoal, and the second one was told of it before it did anything.
    const second = model.prompts.find(
      ({ kind, text }) => kind === 'next_action' && text.includes('Remind every customer'),
    )!;
    expect(second.text).toMatch(/```results\n\(list-overdue\) -> \[\{"id":"inv-101"/);
    const shown = await praxis(['show', run, '--steps'], env);
    expect(shown.stdout).toMatch(/\(list-overdue\) +pure +done: \[\{"id":"inv-101"/);
    const why = await praxis(['why', run, '0', '--prompt'], env);
    expect(why.stdout).toMatch(/answered +by http:127\.0\.0\.1:\d+\n +\[\{"id":"inv-101"/);
    const skills = await praxis(['skills', '--world', 'pddl'], env);
    expect(skills.stdout).toMatch(/list-overdue .* pure +any +http:127/);
    expect((await praxis(['replay', run, '--mode', 'verify'], env)).code).toBe(0);
  });

  it('are refused where they take the name of an action without performing it', async () => {
    const { env } = await cluster('clash', { PRAXIS_SKILLS_FILE: skillsFile('http://127.0.0.1:9') });
    writeFileSync(join(box.dir, 'd.pddl'), BILLING.replaceAll('note-list', 'list-overdue'));
    writeFileSync(join(box.dir, 'p.pddl'), REMINDERS);
    const { code, stderr } = await praxis(
      ['submit', '--domain', join(box.dir, 'd.pddl'), '--problem', join(box.dir, 'p.pddl')],
      env,
    );
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/list-overdue has the name of an action of the world pddl/);
  });
});
