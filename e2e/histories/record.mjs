// Records histories anew, by really running them with the code as it is built: `node e2e/histories/record.mjs v3`
// writes v3-*.jsonl beside this file, and with names after it only those. Older ones stay: they are what this release
// must still be able to read.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PRAXIS = new URL('../../apps/cli/bin/praxis.mjs', import.meta.url).pathname;
const HERE = new URL('.', import.meta.url).pathname;
const [prefix, ...only] = process.argv.slice(2);
if (!/^[a-z0-9.-]+$/.test(prefix ?? '')) throw new Error('Say what the names begin with, such as v3.');

const dir = mkdtempSync(join(tmpdir(), 'praxis-record-'));
// As root the embedded database runs as another user, who must be able to get there.
chmodSync(dir, 0o755);
// What a model would say is made by rules; a history keeps what was said, whoever said it.
const MODEL = 18765;
/** What a service outside says, one after the other; then it does what it is asked. */
const RINGS = [429, 429, 422];
const INVOICES = JSON.stringify({ invoices: ['ann', 'bob', 'eve', 'joe', 'kim'].map((customer) => ({ customer })) });
const bell = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.url.startsWith('/invoices')) return response.writeHead(200, { 'content-type': 'application/json' }).end(INVOICES);
    response.writeHead(request.url === '/ring' ? (RINGS.shift() ?? 200) : 200).end();
  });
});
await new Promise((resolve) => bell.listen(0, '127.0.0.1', resolve));
const SKILLS = `skills:
  - name: ring
    summary: Rings a bell.
    performs: pddl
    effect: irreversible
    keyed: true
    http: { method: POST, url: 'http://127.0.0.1:${bell.address().port}/ring' }
  - name: list-overdue
    summary: Lists the invoices that are overdue.
    output: { type: object, required: [invoices] }
    http: { method: GET, url: 'http://127.0.0.1:${bell.address().port}/invoices' }
  - name: remind
    summary: Sends a customer a reminder.
    parameters: [{ name: customer, type: string }]
    effect: irreversible
    keyed: true
    http: { method: POST, url: 'http://127.0.0.1:${bell.address().port}/reminders', body: json }
`;
/** What the service says decides whom to remind, so a person is asked about each; one is not approved, and left out. */
const REMINDERS = `playbook: remind-overdue
title: Remind customers
steps:
  - { id: overdue, do: list-overdue, with: {} }
  - id: remind
    do: remind
    each: { of: $overdue.invoices, as: invoice, parallel: 2 }
    with: { customer: $invoice.customer }
    onFail: skip
  - { id: told, do: note, with: { text: 'Asked for {{ remind.size }} reminders' } }
done: [{ expr: size(remind) == size(overdue.invoices) }]
result: { asked: $remind.size }
`;
/** Nothing is done beside a question, although the last step does not refer to it. */
const MOVE = `playbook: move-it
title: Move files
inputs: { files: { type: files } }
steps:
  - { id: list, do: files.list, with: {} }
  - { id: approve, do: ask.person, with: { question: 'Move {{ list.files.size }} files?', choices: [yes, no], expires: 24h } }
  - { id: move, do: files.move, each: { of: $list.files, as: file }, with: { from: $file.path, to: 'moved/{{ file.path }}' } }
result: { moved: $move.size }
`;
const options = { cwd: dir, env: { PRAXIS_SKILLS_FILE: 'skills.yaml', PATH: process.env.PATH, HOME: dir, NO_COLOR: '1', PRAXIS_MODEL_URL: `http://127.0.0.1:${MODEL}` }, encoding: 'utf8' };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

writeFileSync(join(dir, 'skills.yaml'), SKILLS);
writeFileSync(join(dir, 'remind.yaml'), REMINDERS);
writeFileSync(join(dir, 'move.yaml'), MOVE);
writeFileSync(join(dir, 'sales.csv'), 'city,amount\nOslo,3\nRome,5\nOslo,4\n');

const tell = (...args) => spawnSync(process.execPath, [PRAXIS, ...args], options);
function ask(...args) {
  const { stdout, stderr } = tell(...args, '--json');
  if (stdout.trim() === '') throw new Error(`praxis ${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}
const submit = (...args) => ask('submit', ...args).run;
const runPlaybook = (...args) => ask('run', ...args, '--no-wait').run;
const SUMS = 'select city as label, sum(amount) as n from data group by 1 order by 1';

/** What a person says: the first time yes, the second time no, the third time yes in words of their own, then yes. */
const SAYINGS = [() => ['--approve'], () => ['--reject', 'not yet'], ({ action }) => ['--edit', JSON.stringify({ args: action.args })]];

/** Answers what a run asks until it ends. */
async function attend(run) {
  let said = 0;
  for (;;) {
    const { summary } = ask('show', run);
    if (['done', 'failed', 'cancelled'].includes(summary.status)) return summary;
    for (const { question } of ask('approvals', '--run', run)) {
      const answer = question.kind === 'budget' ? ['--grant', 'steps=20'] : question.kind === 'question' ? ['--text', question.choices[0] ?? 'breakfast, please'] : (SAYINGS[said++] ?? SAYINGS[0])(question);
      tell('answer', question.id, ...answer, '--by', 'ann');
    }
    await sleep(200);
  }
}

async function keep(name, run) {
  const { status, reason } = await attend(run);
  const file = join(HERE, `${prefix}-${name}.jsonl`);
  const { stderr, status: code } = tell('regress', run, '--out', file);
  if (code !== 0) throw new Error(stderr);
  const checked = tell('regress', '--check', file);
  process.stdout.write(`${name}: ${status}, ${reason}\n${checked.stdout.trim()}${checked.stderr}\n`);
}

/** Four balls and two grippers: small enough that all of it can be done again in no time. */
const DOMAIN = `(define (domain gripper)
  (:requirements :strips :typing)
  (:types room ball gripper)
  (:predicates (at-robby ?r - room) (at ?b - ball ?r - room) (free ?g - gripper) (carry ?o - ball ?g - gripper))
  (:action move :parameters (?from ?to - room) :precondition (at-robby ?from) :effect (and (at-robby ?to) (not (at-robby ?from))))
  (:action pick :parameters (?b - ball ?r - room ?g - gripper) :precondition (and (at ?b ?r) (at-robby ?r) (free ?g)) :effect (and (carry ?b ?g) (not (at ?b ?r)) (not (free ?g))))
  (:action drop :parameters (?b - ball ?r - room ?g - gripper) :precondition (and (carry ?b ?g) (at-robby ?r)) :effect (and (at ?b ?r) (free ?g) (not (carry ?b ?g)))))
`;
const PROBLEM = `(define (problem gripper-4) (:domain gripper)
  (:objects left right - room b1 b2 b3 b4 - ball g1 g2 - gripper)
  (:init (at-robby left) (at b1 left) (at b2 left) (at b3 left) (at b4 left) (free g1) (free g2))
  (:goal (and (at b1 right) (at b2 right) (at b3 right) (at b4 right))))
`;

const BELL_DOMAIN = `(define (domain bells) (:requirements :strips :typing) (:types bell)
  (:predicates (rung ?b - bell))
  (:action ring :parameters (?b - bell) :precondition (and) :effect (rung ?b)))
`;
const BELL_PROBLEM = '(define (problem one) (:domain bells) (:objects b1 - bell) (:init) (:goal (rung b1)))\n';

const model = spawn(process.execPath, [PRAXIS, 'simulate-node', '--port', String(MODEL), '--speed', '100'], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
const praxis = spawn(process.execPath, [PRAXIS, 'start', '--json'], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
try {
  await new Promise((resolve) => praxis.stdout.once('data', resolve));
  writeFileSync(join(dir, 'domain.pddl'), DOMAIN);
  writeFileSync(join(dir, 'problem.pddl'), PROBLEM);
  writeFileSync(join(dir, 'bells.pddl'), BELL_DOMAIN);
  writeFileSync(join(dir, 'bell.pddl'), BELL_PROBLEM);
  const own = ['--domain', 'domain.pddl', '--problem', 'problem.pddl'];
  const household = (goal, ...more) => ['--world', 'household', '--goal', goal, '--no-archive', ...more];

  let two = null;
  const dinner = async () => {
    two ??= submit(...household('dinner-a'));
    await attend(two);
    return two;
  };
  let profiled = null;
  const profile = async () => {
    profiled ??= runPlaybook('profile-csv', '--in', 'file=sales.csv');
    await attend(profiled);
    return profiled;
  };
  const histories = {
    'own-problem': () => submit(...own),
    approvals: () => submit(...own, '--rule', 'ask skill=drop'),
    'two-agents': dinner,
    fork: async () => ask('fork', await dinner(), '--at', '5', '--set', 'action=(move robby kitchen hall)').run,
    'fork-with-seed': async () => ask('fork', await dinner(), '--at', '12', '--set', 'seed=7').run,
    'budget-granted': () => submit(...household('dinner-b', '--steps', '12')),
    'gave-up': () => submit(...household('dishes-a', '--replans', '1')),
    'paused-and-cancelled': async () => {
      const run = submit(...household('floors-a'));
      tell('pause', run, '--reason', 'lunch');
      await sleep(500);
      tell('resume', run);
      tell('cancel', run);
      return run;
    },
    'by-a-model': () => submit(...own, '--strategy', 'react'),
    'by-search-or-a-model': () => submit(...own, '--strategy', 'hybrid'),
    'in-plain-words': () => submit('--world', 'household', '--request', 'make something nice', '--no-archive', '--strategy', 'react'),
    // A service that is down, then refuses, and does it when a person asks to try again.
    retried: async () => {
      const run = submit('--domain', 'bells.pddl', '--problem', 'bell.pddl', '--replans', '0');
      await attend(run);
      ask('retry', run);
      return run;
    },
    'profile-csv': profile,
    reminders: () => runPlaybook('./remind.yaml'),
    'question-with-choices': () => runPlaybook('./move.yaml', '--in', 'files=sales.csv'),
    'fork-of-work': async () => ask('fork', await profile(), '--at', '2', '--set', `args=${JSON.stringify({ sql: SUMS })}`).run,
    // What was learned in two runs is used in the third.
    'learned-tools': async () => {
      for (const seed of ['1', '2']) await attend(submit('--world', 'household', '--goal', 'dishes-a', '--seed', seed));
      await sleep(8000);
      return submit('--world', 'household', '--goal', 'dishes-a', '--seed', '3');
    },
  };
  for (const [name, begin] of Object.entries(histories)) if (only.length === 0 || only.includes(name)) await keep(name, await begin());
} finally {
  for (const child of [praxis, model]) {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
  bell.close();
  rmSync(dir, { recursive: true, force: true });
}
