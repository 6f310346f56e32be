import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseApprovalRule } from '@praxis/core';
import { readGoal, type GoalOptions } from './goal-input.js';

const DOMAIN =
  '(define (domain lamps) (:requirements :typing) (:types lamp) (:predicates (on ?l - lamp)) (:action switch :parameters (?l - lamp) :precondition (and) :effect (on ?l)))';
const PROBLEM = '(define (problem dark) (:domain lamps) (:objects a - lamp) (:init) (:goal (on a)))';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'praxis-goal-'));
  writeFileSync(join(dir, 'd.pddl'), DOMAIN);
  writeFileSync(join(dir, 'p.pddl'), PROBLEM);
  writeFileSync(join(dir, 'bad.pddl'), '(define (problem dark)\n  (:domain lamps)\n  (:goal (off a)))');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const read = (options: Omit<GoalOptions, 'archive'>, archive = true) => readGoal({ ...options, archive }, dir);
const failure = (options: Omit<GoalOptions, 'archive'>): unknown => {
  try {
    return read(options);
  } catch (thrown) {
    return thrown;
  }
};

describe('readGoal', () => {
  it.each([[{}], [{ world: 'workspace' }]])('does a request in a workspace, by a model (%j)', (options) =>
    expect(read({ ...options, request: 'sum  it' })).toMatchObject({
      world: 'workspace',
      strategy: 'react',
      request: 'sum  it',
      title: 'sum it',
    }),
  );

  it('does a request by another strategy, or in another world, where that is said', () => {
    expect(read({ request: 'sum it', strategy: 'tree' })).toMatchObject({ world: 'workspace', strategy: 'tree' });
    expect(read({ request: 'set the table', world: 'household' })).toMatchObject({
      world: 'household',
      strategy: 'search',
    });
  });

  it('takes a condition over checks and files in a workspace', () =>
    expect(read({ world: 'workspace', goal: '(file report.md)' })).toMatchObject({
      world: 'workspace',
      condition: '(file report.md)',
      scenario: '',
    }));

  it('takes a scenario of a world, with the defaults of everything else', () => {
    expect(read({ world: 'household', goal: 'breakfast-a' })).toMatchObject({
      title: 'household breakfast-a',
      world: 'household',
      scenario: 'breakfast-a',
      condition: '',
      seed: '1',
      budget: { steps: 500 },
    });
  });

  it('takes a condition in a scenario', () => {
    expect(read({ world: 'household', scenario: 'breakfast-a', goal: '(on milk table)' })).toMatchObject({
      scenario: 'breakfast-a',
      condition: '(on milk table)',
    });
  });

  it('leaves it to the planner where a condition alone does not say where to begin', () => {
    expect(readGoal({ world: 'household', goal: '(on cup table)', archive: true }, '.')).toMatchObject({
      scenario: '',
      condition: '(on cup table)',
    });
  });

  it('takes a problem of the user, named as in its file', () => {
    expect(read({ domain: 'd.pddl', problem: 'p.pddl', steps: 7, space: 'mine' })).toMatchObject({
      title: 'dark',
      world: 'pddl',
      problem: { domain: DOMAIN, problem: PROBLEM },
      budget: { steps: 7, replans: 12 },
      archive: { space: 'mine', use: true, learn: true },
    });
  });

  it('points at the place of a mistake in a file', () => {
    expect(failure({ domain: 'd.pddl', problem: 'bad.pddl' })).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^bad\.pddl:3:\d+: /),
    });
    expect(failure({ domain: 'd.pddl', problem: 'p.pddl', goal: '(on' })).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^--goal:1:/),
    });
  });

  it('says which file is missing, and which option', () => {
    expect(failure({ domain: 'none.pddl', problem: 'p.pddl' })).toMatchObject({
      code: 'missing',
      message: 'Cannot read none.pddl: there is no such file.',
    });
    expect(failure({ domain: 'd.pddl' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('--problem'),
    });
    expect(failure({})).toMatchObject({ code: 'invalid' });
  });

  it('neither uses nor feeds the archive with --no-archive', () => {
    expect(read({ world: 'household', goal: 'breakfast-a' }, false).archive).toEqual({
      space: 'default',
      use: false,
      learn: false,
    });
  });

  it("drops no part of what was said: a request goes with a problem of one's own, and two goals or an empty one are refused", () => {
    expect(read({ domain: 'd.pddl', problem: 'p.pddl', request: 'put a on\n b' })).toMatchObject({
      world: 'pddl',
      title: 'put a on b',
      request: 'put a on\n b',
      condition: '',
      problem: { domain: DOMAIN },
    });
    for (const place of [{ domain: 'd.pddl', problem: 'p.pddl' }, { world: 'household' }]) {
      expect(failure({ ...place, request: 'put a on b', goal: '(on a b)' })).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('Say the goal once'),
      });
      expect(failure({ ...place, request: ' ' })).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('empty'),
      });
    }
  });

  it('takes bounds, a deadline and rules of its own', () => {
    const rule = parseApprovalRule('ask effect=irreversible');
    expect(
      read({
        world: 'household',
        goal: 'a',
        calls: 3,
        tokens: 4,
        money: 2.5,
        risk: 5,
        time: 60_000,
        whenSpent: 'fail',
        deadline: 600_000,
        rule: [rule],
        tenant: 'acme',
      }),
    ).toMatchObject({
      budget: { steps: 500, calls: 3, tokens: 4, money: 2.5, risk: 5, wallMs: 60_000, whenSpent: 'fail' },
      deadlineMs: 600_000,
      approvals: [rule],
      tenant: 'acme',
    });
  });
});

describe('a title', () => {
  it('is never cut through the middle of a character', () => {
    const pots = '🫖'.repeat(300);
    for (const goal of [
      read({ world: 'household', request: `x${pots}` }),
      read({ world: 'household', goal: `(on x${pots} y)` }),
    ]) {
      expect(Buffer.from(goal.title).toString()).toBe(goal.title);
      expect(goal.title.endsWith('🫖')).toBe(true);
    }
  });
});

describe('files of other systems', () => {
  it('are read as what they are, with a warning about what is odd in them', () => {
    const odd = DOMAIN.replace('(:types lamp)', '(:types lamp desk-lamp - lamp)');
    writeFileSync(join(dir, 'utf16.pddl'), Buffer.from(`\ufeff${odd}`, 'utf16le'));
    writeFileSync(join(dir, 'mac.pddl'), PROBLEM.replace('(:domain', '; a remark\r(:domain'));
    const warnings: string[] = [];
    const goal = readGoal({ domain: 'utf16.pddl', problem: 'mac.pddl', archive: true }, dir, (warning) =>
      warnings.push(warning),
    );
    expect(goal.problem).toEqual({ domain: odd, problem: PROBLEM.replace('(:domain', '; a remark\r(:domain') });
    expect(warnings).toEqual([expect.stringMatching(/^utf16\.pddl:1:\d+: the type `lamp` is listed below itself/)]);
  });
});
