import { goalSchema, type GoalInput, type SkillManifest, type WorldCatalog } from '@praxis/core';
import { MemorySessions, PddlWorld, ownProblems } from '@praxis/environments';
import type { ModelAccess } from '@praxis/inference';
import { PRESETS } from '@praxis/strategy';
import { LampWorld } from '@praxis/testing';
import type { ExecutorApi } from '@praxis/wire';
import { acceptGoal } from './accept-goal.js';
import { unworkable } from './refuse-unworkable.js';

const rules = new LampWorld({ rules: true, legal: false, snapshots: false, clones: false });
const none = new LampWorld({ rules: false, legal: true, snapshots: false, clones: false });
const worlds: WorldCatalog = {
  list: async () => [],
  get: async (name) =>
    name === 'pddl' ? new PddlWorld(ownProblems(), new MemorySessions()) : name === 'rules' ? rules : none,
};
const access = (isThere: boolean): ModelAccess => ({ isThere: async () => isThere }) as unknown as ModelAccess;
const declares = (...skills: readonly Partial<SkillManifest>[]): ExecutorApi =>
  ({
    describe: async () => ({
      skills: skills.map((s) => ({ summary: '', parameters: [], effect: 'pure', keyed: false, ...s })),
    }),
  }) as unknown as ExecutorApi;
const accept = (input: Partial<GoalInput>, isThere: boolean, executor?: ExecutorApi) =>
  acceptGoal(goalSchema.parse({ title: 'g', scenario: 'dark', ...input }), {
    worlds,
    models: access(isThere),
    clock: { now: () => 0 },
    ...(executor && { executor }),
  });

describe('a goal that its strategy cannot reach in its world', () => {
  it.each<[string, boolean, RegExp]>([
    [
      'search',
      false,
      /The strategy search searches the rules of a world, and the world none tells none\. Use a strategy with a model: react.*This deployment has no model yet: set PRAXIS_MODEL_URL/,
    ],
    [
      'search',
      true,
      /the world none tells none\. Use a strategy with a model: react, tree, bounded-memory, async-planner or hybrid\.$/,
    ],
    [
      'hybrid',
      false,
      /The world none tells no rules to search, so the strategy hybrid needs a model there\. This deployment has no model yet: set PRAXIS_MODEL_URL/,
    ],
    ['react', false, /strategy react asks models, and this deployment has none/],
    ['async-planner', false, /strategy async-planner asks models/],
  ])('is refused: %s without rules, a model there: %s (workable.1, workable.2)', async (strategy, isThere, message) => {
    await expect(accept({ world: 'none', strategy }, isThere)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  it('leaves no session behind, and asks the world once', async () => {
    await accept({ world: 'none' }, true).catch(() => undefined);
    await accept({ world: 'rules' }, false);
    expect([none.sessionCount, rules.sessionCount]).toEqual([0, 0]);
  });

  it('is accepted wherever rules or a model are enough', async () => {
    for (const [world, strategy, isThere] of [
      ['rules', 'search', false],
      ['rules', 'hybrid', false],
      ['none', 'hybrid', true],
      ['none', 'react', true],
      ['none', 'async-planner', true],
      ['rules', 'tree', true],
    ] as const) {
      expect(await accept({ world, strategy }, isThere)).toMatchObject({ world, strategy });
    }
  });

  it('is nothing that a world with rules knows', () => {
    for (const strategy of Object.keys(PRESETS))
      for (const hasModel of [true, false])
        expect(unworkable({ world: 'w', strategy, tellsRules: true, hasModel })).toBeNull();
  });
});

describe('a declared skill with the name of a world action', () => {
  const problem = {
    domain: '(define (domain d) (:predicates (sent)) (:action send :parameters () :effect (sent)))',
    problem: '(define (problem p) (:domain d) (:goal (sent)))',
  };

  it('is refused at once, with what to change, where it does not perform the action', async () => {
    await expect(
      accept({ world: 'pddl', scenario: '', problem }, false, declares({ name: 'send', source: 'http:h' })),
    ).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(
        /declared skill send has the name of an action of the world pddl.*`performs: pddl`.*or rename it/,
      ) as string,
    });
    await expect(
      accept({ world: 'rules' }, false, declares({ name: 'plug-in', source: 'http:h' })),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is accepted where it performs the action, or where no executor answers', async () => {
    expect(
      await accept(
        { world: 'pddl', scenario: '', problem },
        false,
        declares({ name: 'send', source: 'http:h, world:pddl' }, { name: 'list', source: 'http:h' }),
      ),
    ).toMatchObject({ world: 'pddl' });
    const away = { describe: () => Promise.reject(new Error('away')) } as unknown as ExecutorApi;
    expect(await accept({ world: 'pddl', scenario: '', problem }, false, away)).toMatchObject({ world: 'pddl' });
  });
});
