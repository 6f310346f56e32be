import {
  keyedRandom,
  literalHolds,
  makeState,
  type Action,
  type Observation,
  type Tool,
  type ToolBody,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { BelievedRules, PlanningModel, solve, type PlanRequest, type SearchResult } from '@praxis/search';
import type { Application } from './distilling/application.js';
import { ADMISSION, addTrials, eValue } from './evidence.js';
import type { Scene } from './scene.js';
import { Trials } from './trials.js';

const domain = `(define (domain larder)
  (:types robot cup shelf)
  (:predicates (at ?c - cup ?s - shelf) (open ?s - shelf) (has ?r - robot ?c - cup) (dusted ?s - shelf))
  (:action take :parameters (?r - robot ?c - cup ?s - shelf) :precondition (at ?c ?s) :effect (and (has ?r ?c) (not (at ?c ?s))))
  (:action open :parameters (?r - robot ?s - shelf) :effect (open ?s))
  (:action dust :parameters (?r - robot ?s - shelf) :effect (dusted ?s))
  (:action drop :parameters (?r - robot ?c - cup ?s - shelf) :effect (not (at ?c ?s))))`;
const problem =
  '(define (problem p) (:domain larder) (:objects robby - robot mug - cup top - shelf) (:init (at mug top)) (:goal (has robby mug)))';
const model = new PlanningModel({ domain, problem });

/** How the world really is: what `take` needs besides what is known, and how often anything slips. */
interface Truth {
  readonly needs: readonly string[];
  readonly slips: number;
}

/** A world whose clones count themselves; a snapshot is the list of its facts. */
class ScriptedWorld implements Pick<WorldSession, 'id' | 'snapshots'> {
  readonly id = 'scripted';
  readonly snapshots = {
    take: () => Promise.reject(new Error('nobody takes a snapshot here')),
    restore: () => Promise.reject(new Error('nobody restores one here')),
    clone: (snapshot: string, seed: string) => this.clone(snapshot, seed),
  };
  readonly clones: {
    readonly snapshot: string;
    readonly seed: string;
    readonly acts: string[];
    readonly keys: string[];
    closed: boolean;
  }[] = [];

  constructor(
    private readonly truth: Truth,
    private readonly breaks = false,
  ) {}

  private clone(snapshot: string, seed: string): Promise<WorldSession> {
    const seen = { snapshot, seed, acts: [] as string[], keys: [] as string[], closed: false };
    this.clones.push(seen);
    let state = makeState(snapshot.split(';').filter((f) => f !== ''));
    const act = (action: Action, key: string): Promise<Observation> => {
      if (this.breaks) return Promise.reject(new Error('the world is away'));
      seen.acts.push(action.skill);
      seen.keys.push(key);
      const { result, after } = this.judge(action, state, keyedRandom(seed, key) < this.truth.slips);
      state = after;
      return Promise.resolve({ result, state });
    };
    const close = (): Promise<void> => {
      seen.closed = true;
      return Promise.resolve();
    };
    return Promise.resolve({ act, close } as unknown as WorldSession);
  }

  private judge(
    action: Action,
    state: WorldState,
    slips: boolean,
  ): { result: Observation['result']; after: WorldState } {
    const refused =
      action.skill === 'take' && ![...this.truth.needs, '(at mug top)'].every((l) => literalHolds(l, state));
    if (refused) return { result: { ok: false, code: 'not-applicable', message: '' }, after: state };
    if (slips) return { result: { ok: false, code: 'effect-mismatch', message: '' }, after: state };
    const explained = model.explain(
      state,
      [{ action: action.skill, args: Object.values(action.args).map(String) }],
      '(and)',
    );
    return { result: { ok: true, message: '' }, after: 'final' in explained ? explained.final : state };
  }
}

const tool = (body: ToolBody): Tool => ({
  id: 't-1',
  space: 's',
  domain: 'larder',
  title: '',
  body,
  trust: 'candidate',
  createdAt: 0,
  evidence: { subgoals: [], successes: 1, failures: 1, pairs: 0, wins: 0, losses: 0, eValue: 1 },
});
const parameters = ['?r', '?c', '?s'];
const guard = (requires: string): Tool => tool({ kind: 'guard', action: 'take', parameters, requires });
const macro = (first: string): Tool =>
  tool({
    kind: 'macro',
    action: 'take',
    parameters,
    unless: '(open ?s)',
    first: [{ action: first, args: first === 'drop' ? ['?r', '?c', '?s'] : ['?r', '?s'] }],
  });
const refusal = (more: Partial<Application> = {}): Application => ({
  run: 'r-1',
  subgoal: 'r-1.1.1.1',
  step: 3,
  args: ['robby', 'mug', 'top'],
  before: makeState(['(at mug top)']),
  ok: false,
  snapshot: '(at mug top)',
  ...more,
});
const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

function trials(
  world: ScriptedWorld,
  options: { search?: (request: PlanRequest) => SearchResult; gone?: boolean } = {},
) {
  const asked: PlanRequest[] = [];
  const search = (request: PlanRequest): Promise<SearchResult> =>
    Promise.resolve((asked.push(request), (options.search ?? solve)(request)));
  const scene: Scene = {
    domain,
    problem,
    rules: new BelievedRules({ domain, problem }),
    session: world as unknown as WorldSession,
  };
  const made = new Trials(() => Promise.resolve(options.gone ? null : scene), { search, log });
  const run = (of: Tool, applications: readonly Application[] = [refusal()], signal = new AbortController().signal) =>
    made.run(of, applications, signal).then((done) => done.pairs);
  return { run, asked };
}
const enough = Array.from({ length: 20 }, (_, n) => n).find((n) => eValue(n, 0) >= ADMISSION)!;

describe('Trials', () => {
  it('shows that a true guard helps, and stops as soon as that is certain enough', async () => {
    const world = new ScriptedWorld({ needs: ['(open top)'], slips: 0 });
    const pairs = await trials(world).run(guard('(open ?s)'));
    expect(pairs).toHaveLength(enough);
    expect(pairs.every((p) => p.withTool && !p.without)).toBe(true);
    expect(addTrials(tool(guard('(open ?s)').body).evidence, pairs).eValue).toBeGreaterThanOrEqual(ADMISSION);
    expect(world.clones.map((c) => c.acts)).toEqual(
      Array.from({ length: enough }, () => [['take'], ['open', 'take']]).flat(),
    );
  });

  it('gives up on a guard that makes no difference', async () => {
    const pairs = await trials(new ScriptedWorld({ needs: ['(open top)'], slips: 0 })).run(guard('(dusted ?s)'));
    expect(pairs.some((p) => p.withTool)).toBe(false);
    expect(pairs.length).toBeLessThan(12);
  });

  it('drops a tool that does harm after a few losses', async () => {
    const pairs = await trials(new ScriptedWorld({ needs: [], slips: 0 })).run(macro('drop'));
    expect(pairs.map((p) => [p.without, p.withTool])).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ]);
  });

  // reflect.1
  it('gives both arms of a pair the same state and the same seed, and each pair a seed of its own', async () => {
    const world = new ScriptedWorld({ needs: ['(open top)'], slips: 0 });
    const pairs = await trials(world).run(macro('open'));
    for (const [i, { seed }] of pairs.entries())
      expect(world.clones.slice(2 * i, 2 * i + 2).map((c) => [c.seed, c.snapshot])).toEqual([
        [seed, '(at mug top)'],
        [seed, '(at mug top)'],
      ]);
    expect(new Set(pairs.map((p) => p.seed)).size).toBe(pairs.length);
  });

  it('repeats what slips, under another key, so that bad luck is not taken for a refusal', async () => {
    const world = new ScriptedWorld({ needs: ['(open top)'], slips: 0.3 });
    const pairs = await trials(world).run(guard('(open ?s)'));
    expect(pairs.filter((p) => p.withTool).length / pairs.length).toBeGreaterThan(0.8);
    expect(world.clones.some((c) => c.acts.join() !== [...new Set(c.acts)].join())).toBe(true);
    for (const { keys } of world.clones) expect(new Set(keys).size).toBe(keys.length);
  });

  it('asks the search for the literal together with what the action needs anyway, from the state of the refusal', async () => {
    const { run, asked } = trials(new ScriptedWorld({ needs: ['(open top)'], slips: 0 }));
    await run(guard('(open ?s)'));
    expect(asked).toMatchObject([{ goal: '(and (open top) (at mug top))', state: { facts: ['(at mug top)'] } }]);
  });

  it('goes through the refusals in turn', async () => {
    const world = new ScriptedWorld({ needs: ['(open top)'], slips: 0 });
    await trials(world).run(macro('open'), [refusal(), refusal({ snapshot: '(at mug top);(dusted top)' })]);
    expect(world.clones.slice(0, 4).map((c) => c.snapshot)).toEqual([
      '(at mug top)',
      '(at mug top)',
      '(at mug top);(dusted top)',
      '(at mug top);(dusted top)',
    ]);
  });

  it.each<[string, Tool, Application, object]>([
    ['there is no snapshot', guard('(open ?s)'), refusal({ snapshot: null }), {}],
    ['it was no refusal', guard('(open ?s)'), refusal({ ok: true }), {}],
    ['the world is gone', guard('(open ?s)'), refusal(), { gone: true }],
    [
      'the literal held already',
      guard('(open ?s)'),
      refusal({ before: makeState(['(at mug top)', '(open top)']) }),
      {},
    ],
    [
      'nobody knows how to bring the literal about',
      guard('(not (open ?s))'),
      refusal({ before: makeState(['(at mug top)', '(open top)']) }),
      {},
    ],
    ['the tool is a hint', tool({ kind: 'hint', action: 'take', text: '' }), refusal(), {}],
  ])('tries nothing where %s', async (_why, of, application, options) => {
    const world = new ScriptedWorld({ needs: ['(open top)'], slips: 0 });
    expect(await trials(world, options).run(of, [application])).toEqual([]);
    expect(world.clones).toEqual([]);
  });

  it('leaves no clone behind, not even where the world fails', async () => {
    const fine = new ScriptedWorld({ needs: ['(open top)'], slips: 0 });
    await trials(fine).run(macro('open'));
    const broken = new ScriptedWorld({ needs: [], slips: 0 }, true);
    await expect(trials(broken).run(macro('open'))).rejects.toThrow('the world is away');
    expect([...fine.clones, ...broken.clones].every((c) => c.closed)).toBe(true);
  });

  it('stops when it is told to', async () => {
    expect(
      await trials(new ScriptedWorld({ needs: [], slips: 0 })).run(macro('open'), [refusal()], AbortSignal.abort()),
    ).toEqual([]);
  });
});
