import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox, start, type Finished, type Running } from './praxis.js';

const DOMAIN =
  '(define (domain lamp) (:predicates (lit ?x) (broken ?x)) (:action light :parameters (?x) :precondition (not (broken ?x)) :effect (lit ?x)))';
const PROBLEM = '(define (problem one) (:domain lamp) (:objects a) (:init) (:goal (lit a)))';

const plain = (done: Finished): void => expect(done.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);

describe('bad input', () => {
  const box = sandbox();
  let services: Running;
  const file = (name: string, text: string): string => {
    const path = join(box.dir, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    services = start(['start'], box.env);
    await services.until(/planner/);
  });
  afterAll(async () => {
    await services.kill('SIGTERM');
    box.remove();
  });

  it('names file, line and column of malformed PDDL', async () => {
    const done = await praxis(
      ['plan', file('bad.pddl', DOMAIN.replace('(lit ?x)))', '(lti ?x)))')), file('p.pddl', PROBLEM)],
      box.env,
    );
    plain(done);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/bad\.pddl:1:\d+: .*lti.*lit/s);
  });

  it('tells a proof that there is no plan from a budget that ran out', async () => {
    const proved = await praxis(
      ['plan', file('d.pddl', DOMAIN), file('q.pddl', PROBLEM.replace('(:init)', '(:init (broken a))'))],
      box.env,
    );
    plain(proved);
    expect(proved.code).toBe(1);
    expect(proved.stderr).toMatch(/proved/);
  });

  it.each([
    ['an unknown world', ['submit', '--world', 'hosuehold', '--goal', 'x'], 3, /household/],
    ['an unknown scenario', ['submit', '--world', 'household', '--goal', 'x'], 3, /breakfast/],
    ['an unknown run', ['show', 'r-0000000000'], 3, /praxis runs/],
    ['an unknown command', ['sumbit'], 2, /submit/],
    ['a missing file', ['submit', '--domain', '/nowhere/d.pddl', '--problem', '/nowhere/p.pddl'], 3, /nowhere/],
  ] as const)('answers %s with what to do', async (_name, args, code, message) => {
    const done = await praxis(args, box.env);
    plain(done);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(message);
  });

  it('refuses a setting it does not know and names the nearest', async () => {
    const done = await praxis(['runs'], { ...box.env, PRAXIS_DATABASE_ULR: 'postgres://x' });
    plain(done);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/PRAXIS_DATABASE_URL/);
  });

  it('says so when no service answers', async () => {
    const done = await praxis(['runs'], { ...box.env, PRAXIS_PLANNER_ADDRESS: '127.0.0.1:1' });
    plain(done);
    expect(done.code).toBe(7);
    expect(done.stderr).toMatch(/praxis start/);
  });

  it('says so when the database cannot be reached', async () => {
    const done = await praxis(['serve', 'planner'], {
      ...box.env,
      PRAXIS_DATABASE_URL: 'postgresql://x:secret@127.0.0.1:1/x',
    });
    plain(done);
    expect(done.code).toBe(7);
    expect(done.stderr).not.toMatch(/secret/);
  });

  it('says which question holds up a run whose budget is spent, and ends it with the reason where more is refused', async () => {
    const waiting = start(
      ['submit', '--world', 'household', '--goal', 'breakfast-a', '--steps', '2', '--wait'],
      box.env,
    );
    await waiting.until(/praxis answer q-\S+ --grant/);
    const [, question] = /praxis answer (q-\S+) --grant/.exec(waiting.stdout)!;
    const refused = await praxis(['answer', question!, '--reject', 'two is enough'], box.env);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 0, stderr: '' });
    const done: Finished = { code: await waiting.exit, stdout: waiting.stdout, stderr: waiting.stderr };
    plain(done);
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/two is enough/);
  });

  it("runs a user's own problem", async () => {
    const done = await praxis(
      ['submit', '--domain', file('d2.pddl', DOMAIN), '--problem', file('p2.pddl', PROBLEM), '--wait'],
      box.env,
    );
    expect([done.code, done.stderr]).toEqual([0, expect.stringMatching(/^run r-\w+\n$/)]);
  });
});
