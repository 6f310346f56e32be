import { PraxisError, goalSchema, type GoalInput, type WorldCatalog } from '@praxis/core';
import { MemoryArtifacts, openCatalog } from '@praxis/environments';
import { MemorySessions } from '@praxis/testing';
import type { ModelAccess } from '@praxis/inference';
import { acceptGoal } from './accept-goal.js';
import { refuseMoreRuns } from './caps.js';

const worlds = {
  get: async () => ({ describe: async () => ({ scenarios: [{ name: 'breakfast' }, { name: 'dinner' }] }) }),
} as unknown as WorldCatalog;
const clock = { now: () => 1_800_000_000_000 };
const access = (isThere: boolean): ModelAccess => ({ isThere: async () => isThere }) as unknown as ModelAccess;
const accept = (input: Partial<GoalInput>, models: ModelAccess | null = null) =>
  acceptGoal(goalSchema.parse({ title: 'g', world: 'household', ...input }), { worlds, models, clock });

describe('a goal as it is accepted', () => {
  it.each([{ strategy: 'react', scenario: 'dinner' }, { request: 'breakfast, please' }])(
    'is refused where %p needs a model and there is none',
    async (input) => {
      for (const models of [null, access(false)])
        await expect(accept(input, models)).rejects.toMatchObject({
          code: 'invalid',
          message: expect.stringMatching(/asks models, and this deployment has none\. Set PRAXIS_MODEL_URL/),
        });
      expect(await accept(input, access(true))).toMatchObject(input);
    },
  );

  it('needs no model where the condition stands beside the words, or search is enough', async () => {
    expect(await accept({ request: 'breakfast', condition: '(on milk table)' })).toMatchObject({
      scenario: 'breakfast',
    });
    expect(await accept({ scenario: 'dinner' })).toMatchObject({ strategy: 'search' });
    expect(await accept({ scenario: 'dinner', strategy: 'hybrid' })).toMatchObject({ strategy: 'hybrid' });
  });

  it('begins in the first situation of the world where words say none, and in no unknown one', async () => {
    expect(await accept({ request: 'tea' }, access(true))).toMatchObject({ scenario: 'breakfast' });
    await expect(accept({ request: 'tea', scenario: 'lunch' }, access(true))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('Its scenarios: breakfast, dinner.'),
    });
  });

  it('cannot take anything back', async () => {
    await expect(accept({ scenario: 'dinner', strategy: 'rollback' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('praxis rollback RUN'),
    });
  });

  const silent = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
  const real = openCatalog({
    artifacts: new MemoryArtifacts(),
    sessions: new MemorySessions(),
    remotes: {},
    log: silent,
  });
  const into = (input: Partial<GoalInput>) =>
    acceptGoal(goalSchema.parse({ title: 'g', world: 'household', ...input }), { worlds: real, models: null, clock });
  const own = {
    domain:
      '(define (domain d) (:predicates (lit ?x)) (:action light :parameters (?x) :precondition () :effect (lit ?x)))',
    problem: '(define (problem p) (:domain d) (:objects a) (:init) (:goal (lit a)))',
  };

  it.each<[string, Partial<GoalInput>]>([
    ['a condition that is not closed', { condition: '(and' }],
    ['a condition with something behind it', { condition: '(and) (and)' }],
    ['no condition at all', { condition: 'milk on the table' }],
    ['a condition about what is not there', { condition: '(on unicorn table)' }],
    ['a condition with an unknown word', { condition: '(flies milk)' }],
    ['a condition nested too deep', { condition: `${'(not '.repeat(600)}(on milk table)${')'.repeat(600)}` }],
    ['a condition of a problem of its own', { world: 'pddl', problem: own, condition: '(lit b)' }],
    ['a domain that is cut off', { world: 'pddl', problem: { ...own, domain: own.domain.slice(0, -2) } }],
    ['a problem that is none', { world: 'pddl', problem: { ...own, problem: 'hello' } }],
  ])('is refused at once with %s', async (_what, input) => {
    await expect(into(input)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is accepted where it can be read', async () => {
    expect(await into({ condition: '(on milk table)' })).toMatchObject({ condition: '(on milk table)' });
    expect(await into({ world: 'pddl', problem: own, condition: '(not (lit a))' })).toMatchObject({
      condition: '(not (lit a))',
    });
  });
});

describe('a goal that asks for too much', () => {
  const caps = { evaluated: 1_000, steps: 100, wallMs: 60_000, planNodes: 10, openRuns: 5 };
  const take = (input: Partial<GoalInput>) =>
    acceptGoal(
      goalSchema.parse({
        title: 'g',
        world: 'household',
        scenario: 'dinner',
        budget: { evaluated: 1_000, steps: 100 },
        ...input,
      }),
      { worlds, models: null, caps, clock },
    );
  const rule = { decision: 'ask' as const };

  it.each<[string, Partial<GoalInput>]>([
    ['caps.evaluated', { budget: { evaluated: 1_001, steps: 100 } }],
    ['caps.steps', { budget: { evaluated: 1, steps: 101 } }],
    ['caps.wallMs', { budget: { evaluated: 1, steps: 1, wallMs: 60_001 } }],
    ['approval rules', { approvals: Array.from({ length: 101 }, () => rule) }],
    ['at most 200', { approvals: [{ ...rule, skill: '*a'.repeat(101) }] }],
    ['beyond the year 9999', { deadlineMs: 8_640_000_000_000_000 }],
    ['beyond the year 9999', { approvals: [{ ...rule, expiresMs: 8_640_000_000_000_000 }] }],
    [
      'names may have',
      { world: 'pddl', problem: { domain: `(define (domain ${'d'.repeat(300)}))`, problem: '(define)' } },
    ],
  ])('is refused, and told %s', async (words, input) => {
    await expect(take(input)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(words) });
  });

  it("is given the deployment's own bound of time where it names none", async () => {
    expect(await take({})).toMatchObject({ budget: { wallMs: 60_000 } });
    expect(await take({ budget: { evaluated: 1, steps: 1, wallMs: 5 } })).toMatchObject({ budget: { wallMs: 5 } });
  });

  it('is refused while its tenant has as many runs as it may have', () => {
    expect(() => refuseMoreRuns('acme', 5, caps)).toThrow(
      expect.objectContaining({ code: 'exhausted', message: expect.stringContaining('caps.openRuns') }) as PraxisError,
    );
    expect(() => refuseMoreRuns('acme', 4, caps)).not.toThrow();
  });
});
