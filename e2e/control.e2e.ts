import { join } from 'node:path';
import { Outside, writeWorkshop } from './control/workshop.js';
import { praxis, sandbox, start, type Running } from './praxis.js';

interface Question {
  readonly question: { readonly id: string; readonly kind: string; readonly text: string };
  readonly run: string;
}

describe('a run under control', () => {
  const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500' });
  let outside: Outside;
  let workshop: ReturnType<typeof writeWorkshop>;
  let services: Running;
  let env: NodeJS.ProcessEnv;

  const boot = async (faults?: object): Promise<void> => {
    services = start(['start'], { ...env, ...(faults && { PRAXIS_FAULTS: JSON.stringify(faults) }) });
    await services.until(/Ctrl-C/);
  };
  beforeAll(async () => {
    outside = await Outside.open();
    workshop = writeWorkshop(join(box.dir, 'workshop'), outside.url);
    env = { ...box.env, PRAXIS_SKILLS_FILE: workshop.skills, PRAXIS_EXECUTOR_COUNT: '1' };
    await boot();
  });
  afterAll(async () => {
    await services.kill('SIGTERM');
    await outside.close();
    box.remove();
  });

  const ok = async (...args: readonly string[]): Promise<string> => {
    const done = await praxis(args, env);
    if (done.code !== 0 || done.stderr !== '')
      throw new Error(`praxis ${args.join(' ')} ended with ${String(done.code)}:\n${done.stdout}\n${done.stderr}`);
    return done.stdout;
  };
  const submit = async (condition: string, ...more: readonly string[]): Promise<string> =>
    (JSON.parse(await ok(...workshop.goal(condition), ...more)) as { run: string }).run;
  const status = async (run: string): Promise<{ status: string; reason: string }> =>
    (JSON.parse(await ok('show', run, '--json')) as { summary: { status: string; reason: string } }).summary;
  const until = async <T>(look: () => Promise<T | null | undefined | false>): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found) return found;
      await new Promise((r) => setTimeout(r, 100));
    }
  };
  const ended = (run: string, as: string) =>
    until(async () => {
      const now = await status(run);
      if (['done', 'failed', 'cancelled'].includes(now.status)) expect(now).toMatchObject({ status: as });
      return now.status === as && now;
    });
  const asked = (run: string): Promise<Question> =>
    until(async () => (JSON.parse(await ok('approvals', '--run', run, '--json')) as Question[])[0]);

  it('asks before what a rule names, and goes on with what a person says', async () => {
    const run = await submit('(and (packed cup) (packed plate))', '--rule', 'ask skill=pack');
    const first = await asked(run);
    expect(first.question).toMatchObject({ kind: 'approval', text: expect.stringContaining('(pack ') as string });
    expect(outside.at('/pack')).toHaveLength(0);
    await ok('answer', first.question.id, '--approve');
    const again = await praxis(['answer', first.question.id, '--approve'], env);
    expect(again).toMatchObject({ code: 6, stderr: expect.stringContaining('answered already') });
    await until(async () => outside.at('/pack').length === 1);
    const second = await until(async () => ((await asked(run)).question.id === first.question.id ? null : asked(run)));
    await ok('answer', second.question.id, '--approve');
    await ended(run, 'done');
    expect(outside.at('/pack')).toHaveLength(2);
  });

  it('does not do what a person rejects', async () => {
    const before = outside.at('/send/jug').length;
    const run = await submit('(sent jug)', '--rule', 'ask effect=irreversible', '--replans', '0');
    await ok('answer', (await asked(run)).question.id, '--reject', 'not today');
    expect((await ended(run, 'failed')).reason).toContain('not today');
    expect(outside.at('/send/jug')).toHaveLength(before);
  });

  it('asks for more when the budget is spent, keeps what was done, and goes on with a grant', async () => {
    const run = await submit('(sent plate)', '--steps', '1');
    const question = await asked(run);
    expect(question.question.kind).toBe('budget');
    await ok('answer', question.question.id, '--grant', 'steps=10');
    await ended(run, 'done');
  });

  it('ends with what it has where it was told to fail', async () => {
    const run = await submit('(sent plate)', '--steps', '1', '--when-spent', 'fail');
    expect((await ended(run, 'failed')).reason).toMatch(/budget|steps/);
  });

  // execute.4
  it('stops a call that hangs when the run is cancelled, and remembers that nobody knows what became of it', async () => {
    outside.hang = '/send/bowl';
    const run = await submit('(sent bowl)');
    await until(async () => outside.at('/send/bowl').length === 1);
    await ok('cancel', run, '--reason', 'enough');
    expect((await ended(run, 'cancelled')).reason).toBe('enough');
    await until(async () => outside.at('/send/bowl')[0]!.aborted());
    expect(await ok('show', run, '--steps')).toMatch(/\(send bowl\).*unknown/);
    outside.letGo();
  });

  it('fails a run whose deadline passes, although a call hangs', async () => {
    outside.hang = '/make/bowl';
    const run = await submit('(made bowl)', '--deadline', '1s');
    expect((await ended(run, 'failed')).reason).toContain('deadline');
    outside.letGo();
  });

  it('holds a paused run back, and lets it go on where it was (execute.4)', async () => {
    const before = outside.at('/make/jug').length;
    outside.hang = '/make/jug';
    const run = await submit('(packed jug)');
    await until(async () => outside.at('/make/jug').length > before);
    await ok('pause', run);
    expect(
      await until(async () => {
        const now = await status(run);
        return now.status === 'paused' && now;
      }),
    ).toBeTruthy();
    outside.letGo();
    const packed = outside.at('/pack/jug').length;
    await new Promise((r) => setTimeout(r, 1500));
    expect(outside.at('/pack/jug')).toHaveLength(packed);
    await ok('resume', run);
    await ended(run, 'done');
    const keys = outside
      .at('/make/jug')
      .slice(before)
      .map((a) => a.key);
    expect(new Set(keys).size).toBe(1);
  });

  it('takes back what a run did, latest first, and says what cannot be', async () => {
    const run = await submit('(sent cup)');
    await ended(run, 'done');
    const from = outside.arrivals.length;
    const told = JSON.parse(await ok('rollback', run, '--json')) as {
      run: string;
      left: readonly { action: { skill: string } }[];
    };
    expect(told.left.map((l) => l.action.skill)).toEqual(['send']);
    await ended(told.run, 'done');
    expect(outside.arrivals.slice(from).map((a) => a.path)).toEqual(['/unpack/cup', '/unmake/cup']);
    expect((JSON.parse(await ok('rollback', run, '--json')) as { run: string }).run).toBe(told.run);
  });

  it('asks a person after a crash in the middle of what cannot be asked again, and does it no second time by itself', async () => {
    await services.kill('SIGTERM');
    const before = outside.at('/send/plate').length;
    await boot({ faults: [{ point: 'interpreter.after-effect', nth: 3, action: 'kill' }] });
    const run = await submit('(sent plate)');
    await services.exit;
    expect(outside.at('/send/plate')).toHaveLength(before + 1);
    await boot();
    const question = await asked(run);
    expect(question.question).toMatchObject({
      kind: 'uncertain',
      text: expect.stringContaining('(send plate)') as string,
    });
    await ok('answer', question.question.id, '--happened');
    await ended(run, 'done');
    expect(outside.at('/send/plate')).toHaveLength(before + 1);
  });

  it('forks a run at a step, keeps the past by reference, and shows where the two part', async () => {
    const run = await submit('(and (packed cup) (packed jug))');
    await ended(run, 'done');
    const made = outside.at('/make').length;
    const { run: fork } = JSON.parse(await ok('fork', run, '--at', '2', '--json')) as { run: string };
    await ended(fork, 'done');
    // Two steps were shared; what was done in them is not done again.
    expect(outside.at('/make').length + outside.at('/pack').length).toBeGreaterThan(made);
    const diff = await praxis(['diff', run, fork], env);
    expect(diff.code).toBe(0);
  });

  it('replays what it recorded, carries a run to another database and back, and clears ended runs away', async () => {
    const run = await submit('(made cup)');
    await ended(run, 'done');
    await ok('replay', run);
    const file = join(box.dir, 'run.jsonl');
    await ok('export', run, '--out', file);
    await ok('replay', file, '--mode', 'verify');
    await ok('import', file);
    const dry = JSON.parse(await ok('gc', '--older-than', '1ms', '--dry-run', '--json')) as { runs: string[] };
    expect(dry.runs).toContain(run);
    await ok('gc', '--older-than', '1ms');
    expect((await praxis(['show', run], env)).code).toBe(3);
    await ok('import', file);
    expect(await status(run)).toMatchObject({ status: 'done' });
  });
});
