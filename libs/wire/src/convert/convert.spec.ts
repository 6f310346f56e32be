import type {
  Action, ActionResult, Failure, Goal, Json, NodeState, Observation, OpenRequest, Plan, PlanDiff, PlanNode, RunEvent, RunSummary,
  SkillManifest, StateChange, StepEvent, Tool, ToolBody, WorldInfo, WorldState,
} from '@praxis/core';
import { effectClassSchema, failureCodeSchema, outcomeSchema, trustSchema } from '@praxis/core';
import * as fc from 'fast-check';
import type { ExecutorInfo, ExecutorState, Overview, QueueState, RunFilter, RunView } from '../faces.js';
import * as env from '../gen/praxis/v1/environment.js';
import * as ev from '../gen/praxis/v1/events.js';
import * as executor from '../gen/praxis/v1/executor.js';
import * as planner from '../gen/praxis/v1/planner.js';
import * as toolPb from '../gen/praxis/v1/tool.js';
import * as pb from '../gen/praxis/v1/types.js';
import { fromEvent, toEvent, type WatchedEvent } from '../watched-event.js';
import { fromAction, fromFailure, fromSkill, toAction, toFailure, toSkill } from './action.js';
import { fromGoal, toGoal } from './goal.js';
import { fromNodeState, fromPlan, fromPlanDiff, toNodeState, toPlan, toPlanDiff } from './plan.js';
import { fromOverview, toOverview } from './overview.js';
import { fromRunEvent, toRunEvent } from './run-event.js';
import { fromExecutorInfo, fromFilter, fromRunView, fromSummary, toExecutorInfo, toFilter, toRunView, toSummary } from './run.js';
import { fromChange, fromObservation, fromResult, fromState, toChange, toObservation, toResult, toState } from './state.js';
import { fromStepEvent, toStepEvent } from './step-event.js';
import { fromTool, toTool } from './tool.js';
import { fromOpen, fromWorldInfo, toOpen, toWorldInfo } from './world.js';

type Fc<T> = fc.Arbitrary<T>;
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((s) => s !== '__proto__');
const word = text.filter((s) => s.length > 0);
const texts = fc.array(text, { maxLength: 3 });
const count = fc.nat();
const positive = fc.integer({ min: 1 });
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n));
const flag = fc.boolean();
const orNull = <T>(of: Fc<T>): Fc<T | null> => fc.option(of, { nil: null });
const json: Fc<Json> = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }).map((v) => JSON.parse(JSON.stringify(v).replaceAll('__proto__', 'proto')) as Json);

const outcome = fc.constantFrom(...outcomeSchema.options);
const failureCode = fc.constantFrom(...failureCodeSchema.options);
const effect = fc.constantFrom(...effectClassSchema.options);
const action: Fc<Action> = fc.record({ skill: word, args: fc.dictionary(word, json, { maxKeys: 4, noNullPrototype: true }) });
const state: Fc<WorldState> = fc.record({ facts: texts, numbers: fc.dictionary(text, number, { maxKeys: 3, noNullPrototype: true }) });
const change: Fc<StateChange> = fc.record({ added: texts, removed: texts, numbers: fc.dictionary(text, orNull(number), { maxKeys: 3, noNullPrototype: true }) });
const result: Fc<ActionResult> = fc.oneof(fc.record({ ok: fc.constant(true as const), message: text }), fc.record({ ok: fc.constant(false as const), code: failureCode, message: text }));
const observation: Fc<Observation> = fc.record({ result, state: orNull(state) });
const failure: Fc<Failure> = fc.record({ action: text, code: failureCode, facts: texts });
const skill: Fc<SkillManifest> = fc.record({ name: text, summary: text, parameters: fc.array(fc.record({ name: text, type: text }), { maxLength: 3 }), effect, keyed: flag, source: text });
const problem = fc.record({ domain: word, problem: word });
const goal: Fc<Goal> = fc.record({
  title: word, world: word, scenario: text, problem: orNull(problem), condition: text, seed: word, strategy: word,
  budget: fc.record({ steps: positive, replans: count, evaluated: positive }),
  archive: fc.record({ space: word, use: flag, learn: flag }),
  labels: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
});
const node: Fc<PlanNode> = fc.record({ id: text, title: text, pre: texts, post: text, after: texts, owner: orNull(text), lane: text, steps: fc.array(action, { maxLength: 2 }), cost: number });
const plan: Fc<Plan> = fc.record({ version: positive, nodes: fc.array(node, { maxLength: 3 }) });
const diff: Fc<PlanDiff> = fc.record({ kept: texts, added: texts, dropped: texts });
const nodeState: Fc<NodeState> = fc.record({ status: fc.constantFrom('pending', 'dispatched', 'done', 'failed', 'cancelled'), attempt: count, reason: text });
const body: Fc<ToolBody> = fc.oneof(
  fc.record({ kind: fc.constant('hint' as const), action: text, text }),
  fc.record({ kind: fc.constant('guard' as const), action: text, parameters: texts, requires: text }),
  fc.record({ kind: fc.constant('macro' as const), action: text, parameters: texts, unless: text, first: fc.array(fc.record({ action: text, args: texts }), { maxLength: 2 }) }),
);
const evidence = fc.record({ subgoals: texts, successes: count, failures: count, pairs: count, wins: count, losses: count, eValue: number });
const tool: Fc<Tool> = fc.record({ id: text, space: text, domain: text, title: text, body, trust: fc.constantFrom(...trustSchema.options), evidence, createdAt: time });
const world: Fc<WorldInfo> = fc.record({
  name: word, version: text, summary: text, domain: text, skills: fc.array(skill, { maxLength: 2 }),
  scenarios: fc.array(fc.record({ name: text, title: text, condition: text }), { maxLength: 2 }),
  can: fc.record({ snapshot: flag, clone: flag, legal: flag }),
});
const open: Fc<OpenRequest> = fc.record({ scenario: text, problem: orNull(problem), seed: text, sessionId: word });
const summary: Fc<RunSummary> = fc.record({
  id: text, title: text, world: text, space: text, status: fc.constantFrom('waiting', 'running', 'done', 'failed', 'cancelled'), reason: text, planVersion: count,
  subgoals: count, subgoalsDone: count, steps: count, failedSteps: count, replans: count, toolsUsed: texts, modelCalls: count, acceptedAt: time, endedAt: orNull(time),
});
const view: Fc<RunView> = fc.record({ summary, goal, plan: orNull(plan), nodes: fc.dictionary(text, nodeState, { maxKeys: 3, noNullPrototype: true }), tools: fc.array(tool, { maxLength: 2 }) });
const filter: Fc<RunFilter> = fc.record({ status: orNull(fc.constantFrom('waiting', 'running', 'done', 'failed', 'cancelled')), world: orNull(text), space: orNull(text), text: orNull(text) });
const executorInfo: Fc<ExecutorInfo> = fc.record({
  name: text, lanes: texts, worlds: fc.array(world, { maxLength: 2 }), skills: fc.array(skill, { maxLength: 2 }),
  strategies: fc.array(fc.record({ id: text, version: count }), { maxLength: 2 }), busy: texts, draining: flag,
});
const executorState: Fc<ExecutorState> = fc.record({ name: text, address: text, lanes: texts, concurrency: count, busy: texts, draining: flag, startedAt: time, seenAt: time });
const queueState: Fc<QueueState> = fc.record({
  queue: fc.constantFrom('advance', 'execute', 'reflect'), lane: orNull(text), waiting: count, active: count, delayed: count, oldestAt: orNull(time),
});
const overview: Fc<Overview> = fc.record({
  backend: fc.constantFrom('postgres', 'redis'),
  runs: fc.record({ waiting: count, running: count, done: count, failed: count, cancelled: count }),
  tools: fc.record({ candidate: count, active: count, rejected: count, retired: count }),
  executors: fc.array(executorState, { maxLength: 3 }),
  queues: orNull(fc.array(queueState, { maxLength: 3 })),
});

const typed = <K extends string, T extends object>(type: K, fields: { [F in keyof T]: Fc<T[F]> }): Fc<{ type: K } & T> => fc.record({ type: fc.constant(type), ...fields }) as unknown as Fc<{ type: K } & T>;
const runEventsByType: { [K in RunEvent['type']]: Fc<Extract<RunEvent, { type: K }>> } = {
  accepted: typed('accepted', { goal }),
  opened: typed('opened', { session: text, domainName: text, domain: text, problem: text, condition: text, agents: texts, tools: fc.array(tool, { maxLength: 2 }) }),
  planned: typed('planned', { plan, diff, reason: fc.constantFrom('first', 'repair', 'goal-missed'), evaluated: count }),
  dispatched: typed('dispatched', { node: text, attempt: positive }),
  settled: typed('settled', { node: text, attempt: positive, outcome, reason: text, steps: count, failedSteps: count, replans: count, toolsUsed: texts, failures: fc.array(failure, { maxLength: 2 }) }),
  checked: typed('checked', { holds: flag }),
  cancelling: typed('cancelling', { reason: text }),
  ended: typed('ended', { outcome, reason: text }),
};
const stepEventsByType: { [K in StepEvent['type']]: Fc<Extract<StepEvent, { type: K }>> } = {
  opened: typed('opened', {
    by: text, strategy: text, state, condition: text, owner: orNull(text), limits: fc.record({ steps: count, replans: count }),
    suggested: fc.array(action, { maxLength: 2 }), avoid: fc.array(failure, { maxLength: 2 }), domain: text,
  }) as Fc<Extract<StepEvent, { type: 'opened' }>>,
  proposed: typed('proposed', { id: text, candidates: fc.array(json, { maxLength: 3 }), note: text }),
  scored: typed('scored', { id: text, scores: fc.array(number, { maxLength: 3 }) }),
  verified: typed('verified', { id: text, violations: texts }),
  decided: typed('decided', { id: text, step: count, action, why: text, origin: text }),
  tried: typed('tried', { id: text, step: count, key: text, effect }),
  observed: typed('observed', { id: text, step: count, result, change }) as Fc<Extract<StepEvent, { type: 'observed' }>>,
  simulated: typed('simulated', { id: text, change: orNull(change) }) as Fc<Extract<StepEvent, { type: 'simulated' }>>,
  checkpointed: typed('checkpointed', { id: text, snapshot: text }),
  restored: typed('restored', { id: text, state }) as Fc<Extract<StepEvent, { type: 'restored' }>>,
  answered: typed('answered', { id: text, answer: json }),
  elapsed: typed('elapsed', { id: text }),
  ended: typed('ended', { outcome, reason: text, result: json }),
};
const place = { stream: text, position: count, at: time };
const watched: Fc<WatchedEvent> = fc.oneof(
  fc.record({ ...place, kind: fc.constant('run' as const), event: fc.oneof(...Object.values<Fc<RunEvent>>(runEventsByType)) }),
  fc.record({ ...place, kind: fc.constant('step' as const), event: fc.oneof(...Object.values<Fc<StepEvent>>(stepEventsByType)) }),
);

interface Message<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
}

/** Over the wire and back, as bytes. */
function comesBack<T, M>(of: Fc<T>, message: Message<M>, to: (value: T) => M, from: (message: M) => T, numRuns = 60): void {
  fc.assert(
    fc.property(of, (value) => {
      expect(from(message.decode(message.encode(to(value)).finish()))).toEqual(value);
    }),
    { numRuns },
  );
}

describe('every noun comes back from the wire as it went in', () => {
  it('an action', () => comesBack(action, pb.Action, toAction, fromAction));
  it('a failure', () => comesBack(failure, pb.Failure, toFailure, fromFailure));
  it('a skill', () => comesBack(skill, pb.SkillManifest, toSkill, fromSkill));
  it('a state', () => comesBack(state, pb.WorldState, toState, fromState));
  it('a change', () => comesBack(change, pb.StateChange, toChange, fromChange));
  it('a result', () => comesBack(result, pb.ActionResult, toResult, fromResult));
  it('an observation', () => comesBack(observation, pb.Observation, toObservation, fromObservation));
  it('a goal', () => comesBack(goal, pb.Goal, toGoal, fromGoal));
  it('a plan', () => comesBack(plan, pb.Plan, toPlan, fromPlan));
  it('a difference of plans', () => comesBack(diff, pb.PlanDiff, toPlanDiff, fromPlanDiff));
  it('the state of a node', () => comesBack(nodeState, pb.NodeState, toNodeState, (m) => fromNodeState('node', m)));
  it('a tool', () => comesBack(tool, toolPb.Tool, toTool, fromTool));
  it('a world', () => comesBack(world, pb.WorldInfo, toWorldInfo, fromWorldInfo));
  it('a request to open a world', () => comesBack(open, env.OpenRequest, toOpen, fromOpen));
  it('a summary', () => comesBack(summary, pb.RunSummary, toSummary, fromSummary));
  it('a view of a run', () => comesBack(view, planner.PlannerServiceGetResponse, toRunView, fromRunView));
  it('a filter', () => comesBack(filter, planner.RunFilter, toFilter, fromFilter));
  it('what an executor offers', () => comesBack(executorInfo, executor.ExecutorServiceDescribeResponse, toExecutorInfo, fromExecutorInfo));
  it('how the cluster stands', () => comesBack(overview, planner.OverviewResponse, toOverview, fromOverview));
  it('an event in its place', () => comesBack(watched, ev.Event, toEvent, fromEvent, 200));
});

describe('every event comes back from the wire as it went in', () => {
  it.each(Object.entries(runEventsByType))('%s of a run', (_type, of) => comesBack<RunEvent, ev.RunEvent>(of as Fc<RunEvent>, ev.RunEvent, toRunEvent, fromRunEvent));
  it.each(Object.entries(stepEventsByType))('%s of a step', (_type, of) => comesBack<StepEvent, ev.StepEvent>(of as Fc<StepEvent>, ev.StepEvent, toStepEvent, fromStepEvent));
});

describe('order', () => {
  it('keeps the arguments of an action in the skill\'s order', () => {
    const back = fromAction(pb.Action.decode(pb.Action.encode(toAction({ skill: 'move', args: { robot: 'r', from: 'b', to: 'a' } })).finish()));
    expect(Object.keys(back.args)).toEqual(['robot', 'from', 'to']);
  });
});

describe('what a caller left out or got wrong', () => {
  const bare: pb.Goal = { title: 't', world: 'w', scenario: '', problem: undefined, condition: '', budget: undefined, archive: undefined, labels: {} };
  const refusal = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (thrown) {
      return { code: (thrown as { code: string }).code, message: (thrown as Error).message };
    }
  };

  it('gives a goal core\'s defaults', () => {
    expect(fromGoal(bare)).toMatchObject({ seed: '1', strategy: 'search', budget: { steps: 500, replans: 12 }, archive: { space: 'default', learn: true } });
  });
  it('counts what an overview does not name as none, and knows queues that are away from queues that are empty', () => {
    const nothing = { backend: planner.QueueBackend.POSTGRES, runs: [], tools: [], executors: [] };
    expect(fromOverview({ ...nothing, queues: undefined })).toEqual({
      backend: 'postgres', executors: [], queues: null,
      runs: { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 }, tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
    });
    expect(fromOverview({ ...nothing, queues: { queues: [] } }).queues).toEqual([]);
  });
  it('names the field of a goal that is wrong', () => {
    expect(refusal(() => fromGoal({ ...bare, budget: { steps: 0 } }))).toMatchObject({ code: 'invalid', message: expect.stringContaining('goal.budget.steps') });
    expect(refusal(() => fromGoal({ ...bare, title: '' }))).toMatchObject({ code: 'invalid', message: expect.stringContaining('goal.title') });
  });
  it('names a part that is missing', () => {
    expect(refusal(() => fromObservation({ result: undefined, state: undefined }))).toEqual({ code: 'invalid', message: 'The field observation.result is missing.' });
    expect(refusal(() => fromAction({ skill: 's', args: [{ name: 'x', value: undefined }] }))).toMatchObject({ message: 'The field action.args.x is missing.' });
    expect(refusal(() => fromEvent({ stream: 's', position: 0, atMs: 0, body: undefined }))).toMatchObject({ message: 'The field event.body is missing.' });
  });
  it('names a word of a newer release', () => {
    const bytes = pb.SkillManifest.encode(toSkill({ name: 'x', summary: '', parameters: [], effect: 'pure', keyed: false, source: '' })).uint32(32).int32(99).finish();
    expect(refusal(() => fromSkill(pb.SkillManifest.decode(bytes)))).toMatchObject({ code: 'invalid', message: expect.stringMatching(/skill\.x\.effect must be one of pure, reversible/) });
  });
  it('refuses an argument that stands twice and a text that is not JSON', () => {
    expect(refusal(() => fromAction({ skill: 's', args: [{ name: 'x', value: 1 }, { name: 'x', value: 2 }] }))).toMatchObject({ message: 'The field action.args.x stands twice.' });
    expect(refusal(() => fromStepEvent({ event: { $case: 'answered', value: { id: '1', answerJson: '{' } } }))).toMatchObject({ message: 'The field answered.answer is not a JSON text.' });
  });
});
