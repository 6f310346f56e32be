import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Question, RunSummary } from '@praxis/core';
import { connectPlanner, type Explanation, type ListedNode, type PlannerApi, type RunView } from '@praxis/wire';
import { Outside, writeWorkshop } from './control/workshop.js';
import { praxis, sandbox, start, type Running } from './praxis.js';

const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500', PRAXIS_EXECUTOR_COUNT: '1', PRAXIS_EXECUTOR_CONCURRENCY: '1' });
const going: Running[] = [];
afterAll(async () => {
  for (const running of going) running.child.kill('SIGKILL');
  await Promise.all(going.map((running) => running.exit));
  box.remove();
});

/** A command that goes on; it does not outlive the tests, however they end. */
function begin(args: readonly string[], env: NodeJS.ProcessEnv = box.env): Running {
  const running = start(args, env);
  going.push(running);
  return running;
}

interface Node {
  readonly url: string;
  readonly running: Running;
  fault(kind: string, next: number): Promise<void>;
  /** Faults that were ordered and have met nobody yet. */
  faultsLeft(): Promise<number>;
}

/** A simulated node in a process of its own. */
async function node(name: string, ...more: readonly string[]): Promise<Node> {
  const running = begin(['simulate-node', '--name', name, '--speed', '300', '--json', ...more]);
  await running.until(/\n/);
  const { url } = JSON.parse(running.stdout.split('\n')[0]!) as { url: string };
  const fault = async (kind: string, next: number): Promise<void> => {
    const answer = await fetch(new URL('/simulator/faults', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, next }),
    });
    expect(answer.ok).toBe(true);
  };
  const faultsLeft = async (): Promise<number> =>
    ((await (await fetch(new URL('/simulator/faults', url))).json()) as { readonly faults: readonly object[] }).faults
      .length;
  return { url, running, fault, faultsLeft };
}

/** Everything in one process, with these settings; each has a folder of its own. */
class Cluster {
  /** What is looked at again and again is asked for directly: a command takes a second to start. */
  readonly planner: PlannerApi & { close(): void };

  private constructor(
    readonly env: NodeJS.ProcessEnv,
    readonly service: Running,
    readonly address: string,
  ) {
    this.planner = connectPlanner(address);
  }

  static async start(name: string, settings: Readonly<Record<string, string>>): Promise<Cluster> {
    const dir = join(box.dir, name);
    const env = { ...box.env, PRAXIS_DATA_DIR: dir, ...settings };
    const service = begin(['start'], env);
    await service.until(/Ctrl-C stops everything/);
    const { planner } = JSON.parse(readFileSync(join(dir, 'running.json'), 'utf8')) as { planner: string };
    return new Cluster(env, service, planner);
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await praxis([...args, '--json'], this.env);
    if (code !== 0) throw new Error(`praxis ${args.join(' ')} ended with ${String(code)}:\n${stdout}\n${stderr}`);
    return JSON.parse(stdout) as T;
  }

  async submit(...args: readonly string[]): Promise<string> {
    return (await this.json<{ run: string }>('submit', '--world', 'household', '--no-archive', ...args)).run;
  }

  /** The run when it has ended like this. */
  async ended(run: string, status: RunSummary['status']): Promise<RunSummary> {
    const summary = await until(async () => {
      const { summary: now } = await this.planner.get(run);
      return ['done', 'failed', 'cancelled'].includes(now.status) && now;
    });
    expect(summary).toMatchObject({ status });
    return summary;
  }

  /** What a run asks, as people see it. */
  async asks(run: string): Promise<Question> {
    await until(async () => (await this.planner.get(run)).summary.questions > 0);
    const [open] = await this.json<readonly { readonly question: Question }[]>('approvals', '--run', run);
    return open!.question;
  }

  async actions(run: string): Promise<readonly object[]> {
    return (await this.json<readonly { action: object }[]>('show', run, '--steps')).map((step) => step.action);
  }

  async stop(): Promise<void> {
    this.planner.close();
    await this.service.kill('SIGTERM');
  }
}

async function until<T>(look: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** Short goals: what is shown does not need long ones. */
const short = (...goal: readonly string[]): readonly string[] => [
  '--scenario',
  'breakfast-a',
  '--strategy',
  'react',
  '--goal',
  ...goal,
];
const MILK = short('(on milk table)');

describe('without a model', () => {
  it('says what to do, and leaves nothing behind', async () => {
    const cluster = await Cluster.start('none', {});
    const refused = await praxis(['submit', '--world', 'household', ...MILK], cluster.env);
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^praxis: A strategy react asks models, and this deployment has none\. Set PRAXIS_MODEL_URL/,
      ) as string,
    });
    const wordy = await praxis(['submit', '--world', 'household', '--request', 'breakfast, please'], cluster.env);
    expect(wordy).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('PRAXIS_MODEL_URL') as string });
    const demo = await praxis(['demo', '--mode', 'model', '--out', join(box.dir, 'out')], cluster.env);
    expect(demo).toMatchObject({ code: 2, stderr: expect.stringContaining('PRAXIS_MODEL_URL') as string });
    // The playbook that the demo begins with needs no model.
    expect(await cluster.json('runs')).toMatchObject([{ title: 'Profile sales.csv', status: 'done' }]);
    expect(existsSync(join(cluster.env['PRAXIS_DATA_DIR']!, 'demo.json'))).toBe(false);
    await cluster.stop();
  });
});

const tape = join(box.dir, 'tape.jsonl');
let recorded: readonly object[];

describe('one node', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    const { url } = await node('one');
    cluster = await Cluster.start('one', { PRAXIS_MODEL_URL: url, PRAXIS_MODEL_RECORD: tape });
  });
  afterAll(() => cluster.stop());

  it('reaches goals, and tells who was asked what', async () => {
    const runs = [await cluster.submit(...MILK), await cluster.submit(...short('(clean bowl)'))];
    for (const run of runs) await cluster.ended(run, 'done');
    const { summary } = await cluster.json<RunView>('show', runs[0]!);
    expect(summary.modelCalls).toBeGreaterThanOrEqual(summary.steps);
    recorded = await cluster.actions(runs[0]!);
    const { decision, thoughts } = await cluster.json<Explanation>('why', runs[0]!, '0');
    expect(decision).toMatchObject({ number: 0, origin: 'model' });
    const record = thoughts.find((t) => t.record !== null)!.record!;
    expect(record).toMatchObject({
      role: 'actor',
      prompt: { name: 'next-action' },
      samples: [{ model: 'simulated', node: 'model', choices: [{ picked: 'model', outcome: 'ok' }] }],
    });
    const told = await praxis(['why', runs[0]!, '0'], cluster.env);
    expect(told.stdout).toMatch(/actor proposed 1 candidate[^]*prompt next-action[^]*answer of simulated on model/);
    expect(await cluster.json<readonly ListedNode[]>('nodes')).toMatchObject([
      { spec: { name: 'model' }, load: { isUp: true, models: ['simulated'] } },
    ]);
  });

  it('understands plain words, or asks; and what was said can be replayed and forked', async () => {
    const run = await cluster.submit('--request', 'something to drink where I sit', '--strategy', 'react');
    const { id, kind, text } = await cluster.asks(run);
    expect([kind, text]).toEqual(['question', expect.stringContaining('What exactly must hold')]);
    await cluster.json('answer', id, '--value', '"(on milk table)"');
    await cluster.ended(run, 'done');
    const shown = await cluster.json<RunView>('show', run);
    expect(shown.plan!.nodes.map((n) => n.post).join(' ')).toContain('(on milk table)');
    for (const mode of ['reuse', 'verify'])
      expect(await cluster.json('replay', run, '--mode', mode)).toMatchObject({ divergence: null });
    const { run: fork } = await cluster.json<{ run: string }>('fork', run, '--at', '2', '--set', 'seed=9');
    await cluster.ended(fork, 'done');
    expect((await cluster.actions(fork)).slice(0, 2)).toEqual((await cluster.actions(run)).slice(0, 2));
  });

  it('takes words that name a scenario for that one', async () => {
    const run = await cluster.submit(
      '--scenario',
      'dishes-a',
      '--request',
      'four dishes from all over the house, washed and put away',
      '--strategy',
      'react',
    );
    const nodes = await until(async () => (await cluster.planner.get(run)).plan?.nodes ?? false);
    for (const part of ['(clean plate)', '(in saucer cabinet)'])
      expect(nodes.map((n) => n.post).join(' ')).toContain(part);
    await cluster.json('cancel', run);
    await cluster.ended(run, 'cancelled');
  });

  it('asks for more tokens when they are spent, and goes on with a grant', async () => {
    const run = await cluster.submit(...MILK, '--tokens', '3000');
    const { id, kind } = await cluster.asks(run);
    expect(kind).toBe('budget');
    await cluster.json('answer', id, '--grant', 'tokens=200000');
    await cluster.ended(run, 'done');
  });

  it('ends with the reason where more may not be asked for', async () => {
    const run = await cluster.submit(...MILK, '--tokens', '3000', '--when-spent', 'fail');
    const { reason, modelCalls } = await cluster.ended(run, 'failed');
    expect([reason, modelCalls]).toEqual([expect.stringMatching(/budget.* is spent.*tokens/), 0]);
  });
});

describe('three nodes', () => {
  it('lose one in the middle of a call, and no goal', async () => {
    // Slow enough that a node is killed while it says something.
    const [a, b] = await Promise.all(['a', 'b'].map((name) => node(name, '--speed', '20')));
    const cluster = await Cluster.start('three', {
      PRAXIS_NODES_URLS: `a=${a!.url},b=${b!.url}`,
      PRAXIS_EXECUTOR_CONCURRENCY: '4',
    });
    // The third one comes by itself.
    const third = begin(['simulate-node', '--name', 'c', '--speed', '20', '--register', cluster.address], cluster.env);
    await third.until(/c is registered as http/);
    await a!.fault('dies', 1);
    await b!.fault('hang', 1);
    const runs = await Promise.all(
      ['milk', 'cereal', 'bowl'].map((thing) => cluster.submit(...short(`(on ${thing} table)`))),
    );
    await until(async () => (await b!.faultsLeft()) === 0);
    await b!.running.kill('SIGKILL');
    await until(
      async () =>
        (await cluster.json<readonly ListedNode[]>('nodes')).find((n) => n.spec.name === 'b')!.load?.isUp === false,
    );
    await until(
      async () =>
        (await cluster.json<readonly ListedNode[]>('nodes')).find((n) => n.spec.name === 'c')?.load?.isUp === true,
    );
    expect((await praxis(['nodes'], cluster.env)).stdout).toMatch(/\nb .* down /);
    for (const run of runs) await cluster.ended(run, 'done');

    const told = (await Promise.all(runs.map((run) => samples(cluster, run)))).flat();
    // The call that hung on b when it died was answered by another node.
    const moved = told.find(({ choices }) => choices.some((c) => c.picked === 'b' && c.outcome !== 'ok'));
    expect(moved).toMatchObject({ node: expect.stringMatching(/^[ac]$/) });
    expect(moved!.choices.at(-1)).toMatchObject({ outcome: 'ok', picked: moved!.node });
    await third.kill('SIGINT');
    expect((await cluster.json<readonly ListedNode[]>('nodes')).map((n) => n.spec.name)).toEqual(['a', 'b']);
    await cluster.stop();
  });
});

type Sample = NonNullable<Explanation['thoughts'][number]['record']>['samples'][number];

/** Everybody who was asked in a run, with all tries. */
async function samples({ planner }: Cluster, run: string): Promise<readonly Sample[]> {
  const { summary } = await planner.get(run);
  const places = [{ plan: null }, ...Array.from({ length: summary.steps }, (_, step) => ({ step }))];
  const told = await Promise.all(places.map((at) => planner.explain({ run, at, prompts: false })));
  return told.flatMap(({ thoughts }) => thoughts.flatMap((t) => t.record?.samples ?? []));
}

describe('a model that wants what cannot be taken back', () => {
  it('has to wait for a person, without any rule that says so', async () => {
    const outside = await Outside.open();
    const workshop = writeWorkshop(join(box.dir, 'workshop'), outside.url);
    const one = await node('m');
    const cluster = await Cluster.start('workshop', { PRAXIS_MODEL_URL: one.url, PRAXIS_SKILLS_FILE: workshop.skills });
    const [, ...goal] = workshop.goal('(sent cup)');
    const { run } = await cluster.json<{ run: string }>(
      'submit',
      ...goal.filter((word) => word !== '--json'),
      '--strategy',
      'react',
    );
    const question = await cluster.asks(run);
    // What the workshop answered to the steps before is untrusted as well.
    const taint = ['model', outside.url.replace('http://', 'http:')];
    expect(question).toMatchObject({
      kind: 'approval',
      taint,
      text: expect.stringMatching(/send cup.*untrusted text \(model, http:127/) as string,
    });
    expect(outside.at('/send')).toHaveLength(0);
    await cluster.json('answer', question.id, '--approve');
    await cluster.ended(run, 'done');
    expect(outside.at('/send')).toHaveLength(1);
    await cluster.stop();
    await outside.close();
  });
});

describe('a recording', () => {
  // In the folder of those who have no model: what was recorded elsewhere is enough.
  it('stands for the nodes that said it: the same goal is reached by the same actions', async () => {
    const again = await Cluster.start('none', { PRAXIS_MODEL_REPLAY: tape });
    const run = await again.submit(...MILK);
    await again.ended(run, 'done');
    expect(recorded.length).toBeGreaterThan(3);
    expect(await again.actions(run)).toEqual(recorded);
    await again.stop();
  });

  it('is never guessed from: other prompts miss it, and the run says so', async () => {
    const prompts = join(box.dir, 'prompts');
    cpSync(join(process.cwd(), 'libs/inference/prompts'), prompts, { recursive: true });
    const file = join(prompts, 'meta-plan.md');
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n# task\n', '\n# task\n\nBe brief.\n'));
    const changed = await Cluster.start('none', { PRAXIS_MODEL_REPLAY: tape, PRAXIS_MODEL_PROMPTS: prompts });
    const run = await changed.submit(...MILK);
    expect((await changed.ended(run, 'failed')).reason).toMatch(/not in the recording\. The nearest one .*Be brief/);
    await changed.stop();
  });
});
