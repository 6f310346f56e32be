import { SkillCatalog, type DeclaredSkill } from '@praxis/actions';
import { makeState, type Logger, type Observation, type Probe, type SkillManifest } from '@praxis/core';
import { MemoryArtifacts, MemorySessions, PddlWorld, ownProblems } from '@praxis/environments';
import type { Handlers } from '@praxis/strategy';
import { LampWorld } from '@praxis/testing';
import type { Choices } from '../deciding/choices.js';
import { SearchPolicy } from '../deciding/search-policy.js';
import { handlersOf } from './handlers.js';

const DOMAIN =
  '(define (domain d) (:types lamp) (:predicates (lit ?l - lamp)) (:action light :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)))';
const PROBLEM = '(define (problem p) (:domain d) (:objects lamp1 - lamp) (:goal (lit lamp1)))';
const ring: SkillManifest = {
  name: 'ring',
  summary: 'rings',
  parameters: [],
  effect: 'irreversible',
  keyed: false,
  source: 'http:bell',
  probed: true,
};
const { signal } = new AbortController();
const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silentLogger };

async function execution(answer: Observation, probe: Probe): Promise<NonNullable<Handlers['execute']>> {
  const world = new PddlWorld(ownProblems(), new MemorySessions());
  const session = await world.open({
    scenario: '',
    problem: { domain: DOMAIN, problem: PROBLEM },
    seed: '1',
    sessionId: 's',
  });
  const declared: readonly DeclaredSkill[] = [
    { performs: null, skill: { manifest: ring, run: async () => answer, probe: async () => probe } },
  ];
  const policy = new SearchPolicy({
    domain: DOMAIN,
    problem: PROBLEM,
    agents: [],
    tools: [],
    taint: [],
    evaluated: 1,
    plan: () => Promise.reject(new Error('nobody plans here')),
  });
  return (
    await handlersOf({
      session,
      info: await world.describe(),
      rules: { domain: DOMAIN, problem: PROBLEM },
      policy,
      artifacts: new MemoryArtifacts(),
      given: {},
      catalog: new SkillCatalog({ declared, sources: [], clock: { now: () => 0 }, log: silentLogger }),
    })
  ).execute!;
}
const call = { skill: 'ring', args: {} };

describe('handlersOf', () => {
  it('works in a world without rules, legal actions and snapshots, also for a subgoal that an older release began', async () => {
    const world = new LampWorld({ rules: false, legal: false, snapshots: false, clones: false });
    const session = await world.open({ scenario: 'dark', problem: null, seed: '1', sessionId: 's' });
    let choices: Choices | null = null;
    const handlers = await handlersOf({
      session,
      info: await world.describe(),
      rules: null,
      policy: null,
      artifacts: new MemoryArtifacts(),
      given: {},
      catalog: new SkillCatalog({ declared: [], sources: [], clock: { now: () => 0 }, log: silentLogger }),
      modelPolicy: (gathered) => ((choices = gathered.choices), null as never),
    });
    expect(await handlers.checkpoint!()).toBe('');
    expect(await choices!.now(makeState([]))).toMatchObject({
      legal: [],
      calls: [{ name: 'plug-in' }, { name: 'switch-on' }, { name: 'switch-off' }],
    });
    const verify = {
      kind: 'verify',
      id: 'e1',
      by: 'world',
      context: null,
      candidate: '(and (lit left) (plugged left))',
    } as const;
    expect(await handlers.verify!(verify, signal)).toEqual({ violations: ['(lit left) does not hold'] });
    const searched = await handlers.propose!(
      { kind: 'propose', id: 'e0', by: 'search', count: 1, context: null },
      signal,
    );
    expect(searched).toMatchObject({ candidates: [], note: expect.stringContaining('tells no rules') as string });
  });

  it('does what the world can do, and what is declared besides', async () => {
    const execute = await execution({ result: { ok: true, message: 'rang' }, state: null }, { happened: false });
    expect(await execute.run({ skill: 'light', args: { l: 'lamp1' } }, 'k', signal)).toMatchObject({
      result: { ok: true },
      state: makeState(['(lit lamp1)']),
    });
    expect(await execute.run(call, 'k', signal)).toMatchObject({ result: { ok: true, message: 'rang' } });
    expect(execute.manifest(call)).toEqual(ring);
    expect(execute.manifest({ skill: 'sing', args: {} })).toBeNull();
    expect(await execute.probe!(call, 'k', signal)).toEqual({ happened: false });
  });
});
