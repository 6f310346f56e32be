import {
  makeState,
  type Action,
  type Logger,
  type Observation,
  type Probe,
  type Skill,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';
import { MemorySessions, PddlWorld, ownProblems } from '@praxis/environments';
import type { DeclaredSkill } from './declared-skill.js';
import type { SkillRegistry } from './skill-registry.js';
import { SkillCatalog } from './skill-catalog.js';
import { describeDeclared } from './with-declared.js';
import { worldSkills } from './world-skills.js';

const DOMAIN =
  '(define (domain d) (:types invoice) (:predicates (paid ?i - invoice)) (:action pay :parameters (?i - invoice) :precondition (not (paid ?i)) :effect (paid ?i)))';
const PROBLEM = '(define (problem p) (:domain d) (:objects i1 - invoice) (:goal (paid i1)))';
const paid = makeState(['(paid i1)']);
const pay: Action = { skill: 'pay', args: { i: 'i1' } };
const { signal } = new AbortController();
const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silentLogger };

async function openOffice(): Promise<{ session: WorldSession; info: WorldInfo }> {
  const world = new PddlWorld(ownProblems(), new MemorySessions());
  return {
    info: await world.describe(),
    session: await world.open({
      scenario: '',
      problem: { domain: DOMAIN, problem: PROBLEM },
      seed: '1',
      sessionId: 's',
    }),
  };
}

/** A bank that does what it is told once per key, for as long as it answers. */
class Bank implements Skill {
  readonly manifest = {
    name: 'pay',
    summary: '',
    parameters: [],
    effect: 'irreversible',
    keyed: false,
    source: 'http:bank',
    probed: true,
    risk: 7,
    money: 0.01,
  } as const;
  readonly keys: string[] = [];
  answer: Observation = { result: { ok: true, message: 'transferred' }, state: null };

  async run({ key }: { readonly key: string }): Promise<Observation> {
    if (this.answer.result.ok) this.keys.push(key);
    return this.answer;
  }

  async probe({ key }: { readonly key: string }): Promise<Probe> {
    return this.keys.includes(key) ? { happened: true, observation: this.answer } : { happened: false };
  }
}

async function officeWith(
  bank: Bank,
  performs: string | null = 'pddl',
  others: readonly DeclaredSkill[] = [],
): Promise<{ registry: SkillRegistry; session: WorldSession }> {
  const { session, info } = await openOffice();
  const registry = await catalogOf([{ skill: bank, performs }, ...others]).registryFor(
    worldSkills(session, info),
    info,
  );
  return { registry, session };
}

const catalogOf = (declared: readonly DeclaredSkill[]): SkillCatalog =>
  new SkillCatalog({ declared, sources: [], clock: { now: () => 0 }, log: silentLogger });

describe("a world's action that is really done elsewhere", () => {
  it('is done there first, and the world follows with the same key (performed-by.1)', async () => {
    const bank = new Bank();
    const { registry, session } = await officeWith(bank);
    const done = { result: { ok: true, message: 'transferred' }, state: paid, before: makeState([]) };
    expect(await registry.run(pay, 'k', signal)).toEqual(done);
    expect(await registry.run(pay, 'k', signal)).toEqual(done);
    expect(await session.observe()).toEqual(paid);
  });

  it('is not done in the world where it was not really done (performed-by.1)', async () => {
    const bank = new Bank();
    bank.answer = { result: { ok: false, code: 'unknown-outcome', message: 'no answer' }, state: null };
    const { registry, session } = await officeWith(bank);
    expect(await registry.run(pay, 'k', signal)).toEqual(bank.answer);
    expect(await session.observe()).toEqual(makeState([]));
  });

  it('is done in the world even where the call was cancelled after it was really done', async () => {
    const bank = new Bank();
    const { registry } = await officeWith(bank);
    expect((await registry.run(pay, 'k', AbortSignal.abort())).state).toEqual(paid);
  });

  it('counts as done even where the world does not follow, and says so (performed-by.2)', async () => {
    const bank = new Bank();
    const { registry, session } = await officeWith(bank);
    await session.act(pay, 'by hand');
    expect(await registry.run(pay, 'k', signal)).toEqual({
      result: { ok: true, message: expect.stringMatching(/^transferred \(done, but world:pddl did not follow: /) },
      state: paid,
      before: paid,
    });
  });

  it('has the nature of the real skill and the parameters of the world (performed-by.3)', async () => {
    const { registry } = await officeWith(new Bank());
    expect(registry.manifests).toEqual([
      {
        name: 'pay',
        summary: 'Needs (not (paid ?i)).',
        parameters: [{ name: 'i', type: 'invoice' }],
        effect: 'irreversible',
        keyed: false,
        source: 'http:bank',
        probed: true,
        risk: 7,
        money: 0.01,
      },
    ]);
  });

  it('is taken up after a crash where the probe says that it was done: the world follows then', async () => {
    const bank = new Bank();
    const { registry, session } = await officeWith(bank);
    expect(await registry.probe(pay, 'k', signal)).toEqual({ happened: false });
    bank.keys.push('k');
    expect(await registry.probe(pay, 'k', signal)).toEqual({
      happened: true,
      observation: { result: { ok: true, message: 'transferred' }, state: paid, before: makeState([]) },
    });
    expect(await session.observe()).toEqual(paid);
  });
});

describe('a declared skill in a world', () => {
  it('adds what no world has, and leaves out what another world has', async () => {
    const note: Skill = {
      ...new Bank(),
      manifest: { ...new Bank().manifest, name: 'note' },
      run: async () => ({ result: { ok: true, message: '' }, state: null }),
    };
    const { registry } = await officeWith(new Bank(), 'elsewhere', [{ skill: note, performs: null }]);
    expect(registry.manifests.map(({ name, source }) => [name, source])).toEqual([
      ['pay', 'world:pddl'],
      ['note', 'http:bank'],
    ]);
  });

  it("leaves out a skill with the name of a world's action that does not say that it performs it", async () => {
    const { registry } = await officeWith(new Bank(), null);
    expect(registry.manifests.map(({ source }) => source)).toEqual(['world:pddl']);
    expect(registry.quarantined).toMatchObject([
      {
        name: 'pay',
        source: 'http:bank',
        reason: expect.stringContaining('world:pddl already has a skill called pay'),
      },
    ]);
  });

  it('notices a skill that performs what its world does not have', async () => {
    const { session, info } = await openOffice();
    const told = {
      ...info,
      name: 'office',
      skills: [
        {
          name: 'pai',
          summary: '',
          parameters: [],
          effect: 'reversible' as const,
          keyed: true,
          source: 'world:office',
        },
      ],
    };
    const catalog = catalogOf([{ skill: new Bank(), performs: 'office' }]);
    const { manifests, quarantined } = await catalog.registryFor(worldSkills(session, told), told);
    expect(manifests.map(({ name }) => name)).toEqual(['pai']);
    expect(quarantined).toMatchObject([{ name: 'pay', reason: expect.stringContaining('did you mean `pai`') }]);
    expect((await catalog.describe([told])).quarantined).toEqual(quarantined);
  });

  it('lets a problem of the caller do without it', async () => {
    const bank = new Bank();
    const other: Skill = { ...bank, manifest: { ...bank.manifest, name: 'refund' }, run: (call) => bank.run(call) };
    const { registry } = await officeWith(bank, 'pddl', [{ skill: other, performs: 'pddl' }]);
    expect(registry.manifests.map(({ name }) => name)).toEqual(['pay']);
  });
});

describe('describeDeclared', () => {
  it("tells of a skill in its world's list where that has one, and beside the worlds otherwise", async () => {
    const { info } = await openOffice();
    const action = {
      name: 'pay',
      summary: 'pays',
      parameters: [{ name: 'i', type: 'invoice' }],
      effect: 'reversible' as const,
      keyed: true,
      source: 'world:office',
    };
    const office = { ...info, name: 'office', skills: [action, { ...action, name: 'file' }] };
    const other = { ...info, name: 'other', skills: [action] };
    const bank = new Bank();
    const told = describeDeclared(
      [info, office, other],
      [
        { skill: bank, performs: 'office' },
        { skill: bank, performs: 'pddl' },
      ],
    );
    expect(told.skills).toEqual([bank.manifest]);
    expect(told.worlds.map((w) => w.skills.map(({ name, source, effect }) => [name, source, effect]))).toEqual([
      [],
      [
        ['pay', 'http:bank', 'irreversible'],
        ['file', 'world:office', 'reversible'],
      ],
      [['pay', 'world:office', 'reversible']],
    ]);
  });
});
