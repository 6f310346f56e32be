import type {
  ConstraintView,
  Action,
  ActionResult,
  Allowance,
  Answer,
  ApprovalRule,
  Budget,
  Cost,
  Failure,
  ForkOverrides,
  Goal,
  Json,
  NodeState,
  Observation,
  OpenRequest,
  Plan,
  PlanDiff,
  PlanNode,
  Question,
  RunEvent,
  RunSummary,
  SkillManifest,
  StateChange,
  StepEvent,
  Tool,
  ToolBody,
  WorldInfo,
  WorldState,
} from '@praxis/core';
import {
  MODEL_ROLES,
  effectClassSchema,
  failureCodeSchema,
  outcomeSchema,
  questionKindSchema,
  trustSchema,
  UNBOUNDED,
  verdictSchema,
} from '@praxis/core';
import * as fc from 'fast-check';
import type {
  ExecutorInfo,
  ExecutorState,
  ForkRequest,
  GcReport,
  GcRequest,
  OpenQuestion,
  Overview,
  QuestionFilter,
  QueueState,
  Rollback,
  RunFilter,
  RunView,
  Schedule,
  ScheduleTiming,
} from '../faces.js';
import * as env from '../gen/praxis/v1/environment.js';
import { Event } from '../gen/praxis/v1/events.js';
import * as executor from '../gen/praxis/v1/executor.js';
import * as goalPb from '../gen/praxis/v1/goal.js';
import { QueueBackend } from '../gen/praxis/v1/overview.js';
import * as planner from '../gen/praxis/v1/planner.js';
import * as questionPb from '../gen/praxis/v1/question.js';
import { RunEvent as RunEventPb } from '../gen/praxis/v1/run_event.js';
import { Schedule as SchedulePb } from '../gen/praxis/v1/schedule.js';
import { StepEvent as StepEventPb } from '../gen/praxis/v1/step_event.js';
import * as toolPb from '../gen/praxis/v1/tool.js';
import * as pb from '../gen/praxis/v1/types.js';
import { fromEvent, toEvent, type WatchedEvent } from '../watched-event.js';
import { fromAction, fromFailure, fromSkill, toAction, toFailure, toSkill } from './action.js';
import { fromGoal, toGoal } from './goal.js';
import {
  fromForkRequest,
  fromGcReport,
  fromGcRequest,
  fromRollback,
  toForkRequest,
  toGcReport,
  toGcRequest,
  toRollback,
} from './history.js';
import { fromNodeState, fromPlan, fromPlanDiff, toNodeState, toPlan, toPlanDiff } from './plan.js';
import { fromOverview, toOverview } from './overview.js';
import {
  fromAnswer,
  fromOpenQuestion,
  fromQuestion,
  fromQuestionFilter,
  toAnswer,
  toOpenQuestion,
  toQuestion,
  toQuestionFilter,
} from './question.js';
import { fromRunEvent, toRunEvent } from './run-event.js';
import {
  fromExecutorInfo,
  fromFilter,
  fromRunView,
  fromSummary,
  toExecutorInfo,
  toFilter,
  toRunView,
  toSummary,
} from './run.js';
import {
  fromChange,
  fromObservation,
  fromResult,
  fromState,
  toChange,
  toObservation,
  toResult,
  toState,
} from './state.js';
import { fromSchedule, toSchedule } from './schedule.js';
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
const maybe = <T>(arbitrary: Fc<T>): Fc<T | undefined> => fc.option(arbitrary, { nil: undefined });
const json: Fc<Json> = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .map((v) => JSON.parse(JSON.stringify(v).replaceAll('__proto__', 'proto')) as Json);

const outcome = fc.constantFrom(...outcomeSchema.options);
const failureCode = fc.constantFrom(...failureCodeSchema.options);
const effect = fc.constantFrom(...effectClassSchema.options);
const action: Fc<Action> = fc.record({
  skill: word,
  args: fc.dictionary(word, json, { maxKeys: 4, noNullPrototype: true }),
});
const state: Fc<WorldState> = fc.record({
  facts: texts,
  numbers: fc.dictionary(text, number, { maxKeys: 3, noNullPrototype: true }),
});
const change: Fc<StateChange> = fc.record({
  added: texts,
  removed: texts,
  numbers: fc.dictionary(text, orNull(number), { maxKeys: 3, noNullPrototype: true }),
});
const result: Fc<ActionResult> = fc.oneof(
  fc.record({ ok: fc.constant(true as const), message: text }),
  fc.record({
    ok: fc.constant(false as const),
    code: failureCode,
    message: text,
    permanent: maybe(fc.constant(true as const)),
  }),
);
const observation: Fc<Observation> = fc.record({
  result,
  state: orNull(state),
  before: fc.option(state, { nil: undefined }),
});
const failure: Fc<Failure> = fc.record({
  action: text,
  code: failureCode,
  facts: texts,
  permanent: maybe(fc.constant(true as const)),
  reason: maybe(text),
});
const amount = number.map(Math.abs);
const cost: Fc<Cost> = fc.record({ steps: amount, calls: amount, tokens: amount, money: amount, risk: amount });
const bound = orNull(amount);
const allowance: Fc<Allowance> = fc.oneof(
  fc.constant(UNBOUNDED),
  fc.record({ steps: bound, calls: bound, tokens: bound, money: bound, risk: bound }),
);
const undo = fc.record({ skill: word, args: fc.dictionary(word, text, { maxKeys: 3, noNullPrototype: true }) });
const skill = fc.record(
  {
    name: text,
    summary: text,
    parameters: fc.array(fc.record({ name: text, type: text }), { maxLength: 3 }),
    effect,
    keyed: flag,
    source: text,
    probed: fc.constant(true),
    polling: fc.constant(true),
    undo,
    risk: amount,
    money: amount,
  },
  { requiredKeys: ['name', 'summary', 'parameters', 'effect', 'keyed', 'source'] },
) as Fc<SkillManifest>;
const problem = fc.record({ domain: word, problem: word });
const over0 = amount.filter((n) => n > 0);
const budget: Fc<Budget> = fc.record({
  steps: positive,
  replans: count,
  evaluated: positive,
  calls: orNull(positive),
  tokens: orNull(positive),
  money: orNull(over0),
  risk: orNull(over0),
  wallMs: orNull(positive),
  whenSpent: fc.constantFrom('ask', 'fail'),
});
const rule: Fc<ApprovalRule> = fc.record({
  decision: fc.constantFrom('allow', 'ask', 'deny'),
  effect: orNull(fc.array(effect, { maxLength: 3 })),
  skill: orNull(text),
  world: orNull(text),
  tenant: orNull(text),
  tainted: flag,
  expiresMs: orNull(positive),
});
const goal: Fc<Goal> = fc.record({
  title: word,
  world: word,
  scenario: text,
  problem: orNull(problem),
  condition: text,
  seed: word,
  strategy: word,
  budget,
  archive: fc.record({ space: word, use: flag, learn: flag }),
  deadlineMs: orNull(positive),
  tenant: text,
  approvals: fc.array(rule, { maxLength: 2 }),
  undoes: orNull(text),
  request: text,
  models: fc.dictionary(fc.constantFrom(...MODEL_ROLES), fc.array(word, { minLength: 1, maxLength: 2 }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  labels: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
});
const node: Fc<PlanNode> = fc.record({
  id: text,
  title: text,
  pre: texts,
  post: text,
  after: texts,
  owner: orNull(text),
  lane: text,
  steps: fc.array(action, { maxLength: 2 }),
  cost: number,
});
const plan: Fc<Plan> = fc.record({ version: positive, nodes: fc.array(node, { maxLength: 3 }) });
const diff: Fc<PlanDiff> = fc.record({ kept: texts, added: texts, dropped: texts });
const nodeState: Fc<NodeState> = fc.record({
  status: fc.constantFrom('pending', 'dispatched', 'done', 'failed', 'cancelled'),
  attempt: count,
  reason: text,
  allowance,
});
const body: Fc<ToolBody> = fc.oneof(
  fc.record({ kind: fc.constant('hint' as const), action: text, text }),
  fc.record({ kind: fc.constant('guard' as const), action: text, parameters: texts, requires: text }),
  fc.record({
    kind: fc.constant('macro' as const),
    action: text,
    parameters: texts,
    unless: text,
    first: fc.array(fc.record({ action: text, args: texts }), { maxLength: 2 }),
  }),
);
const evidence = fc.record({
  subgoals: texts,
  successes: count,
  failures: count,
  pairs: count,
  wins: count,
  losses: count,
  eValue: number,
  tried: fc.option(fc.array(text, { minLength: 1, maxLength: 3 }), { nil: undefined }),
});
const tool: Fc<Tool> = fc.record({
  id: text,
  space: text,
  domain: text,
  title: text,
  body,
  trust: fc.constantFrom(...trustSchema.options),
  evidence,
  createdAt: time,
});
const world: Fc<WorldInfo> = fc.record({
  name: word,
  version: text,
  summary: text,
  domain: text,
  skills: fc.array(skill, { maxLength: 2 }),
  scenarios: fc.array(fc.record({ name: text, title: text, condition: text }), { maxLength: 2 }),
  can: fc.record({ snapshot: flag, clone: flag, legal: flag }),
});
const open: Fc<OpenRequest> = fc.record({ scenario: text, problem: orNull(problem), seed: text, sessionId: word });
const status = fc.constantFrom('waiting', 'running', 'paused', 'done', 'failed', 'cancelled');
const summary: Fc<RunSummary> = fc.record({
  id: text,
  title: text,
  world: text,
  space: text,
  status,
  reason: text,
  planVersion: count,
  subgoals: count,
  subgoalsDone: count,
  steps: count,
  failedSteps: count,
  replans: count,
  toolsUsed: texts,
  modelCalls: count,
  questions: count,
  acceptedAt: time,
  endedAt: orNull(time),
});
const constraint: Fc<ConstraintView> = fc.record({
  text,
  verdict: fc.constantFrom('pending', 'kept', 'broken', 'unchecked'),
  why: text,
});
const judged = fc.array(fc.record({ text, verdict: fc.constantFrom('kept', 'broken', 'unchecked'), why: text }), {
  minLength: 1,
  maxLength: 2,
});
const view: Fc<RunView> = fc.record({
  summary,
  goal,
  plan: orNull(plan),
  nodes: fc.dictionary(text, nodeState, { maxKeys: 3, noNullPrototype: true }),
  tools: fc.array(tool, { maxLength: 2 }),
  constraints: fc.array(constraint, { maxLength: 2 }),
  spent: cost,
  postponed: fc.array(fc.record({ node: text, until: time, attempt: positive, reason: text }), { maxLength: 2 }),
});
const filter: Fc<RunFilter> = fc.record({
  status: orNull(status),
  world: orNull(text),
  space: orNull(text),
  text: orNull(text),
});
const executorInfo: Fc<ExecutorInfo> = fc.record({
  name: text,
  lanes: texts,
  worlds: fc.array(world, { maxLength: 2 }),
  skills: fc.array(skill, { maxLength: 2 }),
  strategies: fc.array(fc.record({ id: text, version: count }), { maxLength: 2 }),
  busy: texts,
  draining: flag,
});
const executorState: Fc<ExecutorState> = fc.record({
  name: text,
  address: text,
  lanes: texts,
  concurrency: count,
  busy: texts,
  draining: flag,
  startedAt: time,
  seenAt: time,
});
const queueState: Fc<QueueState> = fc.record({
  queue: fc.constantFrom('advance', 'execute', 'reflect'),
  lane: orNull(text),
  waiting: count,
  active: count,
  delayed: count,
  oldestAt: orNull(time),
});
const overview: Fc<Overview> = fc.record({
  backend: fc.constantFrom('postgres', 'redis'),
  runs: fc.record({ waiting: count, running: count, paused: count, done: count, failed: count, cancelled: count }),
  tools: fc.record({ candidate: count, active: count, rejected: count, retired: count }),
  executors: fc.array(executorState, { maxLength: 3 }),
  queues: orNull(fc.array(queueState, { maxLength: 3 })),
  questions: count,
});
const questionKind = fc.constantFrom(...questionKindSchema.options);
const question: Fc<Question> = fc.record({
  id: text,
  kind: questionKind,
  text,
  action: orNull(action),
  effect: orNull(effect),
  key: orNull(text),
  fingerprint: orNull(text),
  taint: texts,
  needs: orNull(cost),
  expiresAt: orNull(time),
});
const args = fc.dictionary(word, json, { maxKeys: 4, noNullPrototype: true });
const answer: Fc<Answer> = fc.record({
  verdict: fc.constantFrom(...verdictSchema.options),
  by: text,
  reason: text,
  args: orNull(args),
  grant: orNull(cost),
  value: json,
});
const openQuestion: Fc<OpenQuestion> = fc.record({
  run: text,
  title: text,
  subgoal: orNull(text),
  question,
  askedAt: time,
  reminders: count,
});
const questionFilter: Fc<QuestionFilter> = fc.record({ run: orNull(text), kind: orNull(questionKind) });
const fork: Fc<ForkRequest> = fc.record({
  run: text,
  at: fc.oneof(fc.record({ step: count }), fc.record({ subgoal: text, step: count })),
  seed: orNull(text),
  strategy: orNull(text),
  freshArchive: flag,
  action: orNull(action),
});
const rollback: Fc<Rollback> = fc.record({
  run: text,
  undone: fc.array(fc.record({ action, by: action }), { maxLength: 2 }),
  left: fc.array(fc.record({ action, why: text }), { maxLength: 2 }),
});
const gcRequest: Fc<GcRequest> = fc.record({ maxAgeMs: orNull(time), maxBytes: orNull(time), dryRun: flag });
const gcReport: Fc<GcReport> = fc.record({
  runs: texts,
  kept: texts,
  events: count,
  blobs: count,
  sessions: count,
  bytesBefore: time,
  bytesAfter: time,
});
const timing: Fc<ScheduleTiming> = fc.oneof(
  fc.record({ kind: fc.constant('at' as const), at: time }),
  fc.record({ kind: fc.constant('every' as const), everyMs: time }),
  fc.record({ kind: fc.constant('cron' as const), cron: text, timezone: text }),
);
const schedule: Fc<Schedule> = fc.record({
  id: text,
  goal,
  timing,
  createdAt: time,
  nextAt: orNull(time),
  lastRun: orNull(text),
});
const overrides: Fc<ForkOverrides> = fc.record({
  seed: orNull(text),
  strategy: orNull(text),
  versions: orNull(fc.record({ planning: count, acting: count })),
  tools: orNull(fc.array(tool, { maxLength: 2 })),
  action: orNull(fc.record({ node: text, attempt: positive, step: count, action })),
});

const typed = <K extends string, T extends object>(
  type: K,
  fields: { [F in keyof T]: Fc<T[F]> },
): Fc<{ type: K } & T> => fc.record({ type: fc.constant(type), ...fields }) as unknown as Fc<{ type: K } & T>;
const heard = maybe(fc.array(fc.record({ action: text, text, source: text }), { minLength: 1, maxLength: 2 }));
const thought = { call: maybe(fc.record({ prompt: text, answer: text })), spent: maybe(cost) };
const runEventsByType: { [K in RunEvent['type']]: Fc<Extract<RunEvent, { type: K }>> } = {
  accepted: typed('accepted', { goal }),
  opened: typed('opened', {
    session: text,
    domainName: text,
    domain: text,
    problem: text,
    condition: text,
    constraints: maybe(fc.array(text, { minLength: 1, maxLength: 2 })),
    agents: texts,
    tools: fc.array(tool, { maxLength: 2 }),
    approvals: fc.array(rule, { maxLength: 2 }),
    versions: fc.record({ planning: count, acting: count }),
    prompts: maybe(fc.dictionary(word, text, { minKeys: 1, maxKeys: 3, noNullPrototype: true })),
    call: maybe(fc.record({ prompt: text, answer: text })),
    spent: maybe(cost),
    denied: maybe(fc.array(text, { minLength: 1, maxLength: 3 })),
  }),
  planned: typed('planned', {
    plan,
    diff,
    reason: fc.constantFrom('first', 'repair', 'goal-missed'),
    evaluated: count,
    modelCalls: maybe(count),
    spent: maybe(cost),
  }),
  dispatched: typed('dispatched', { node: text, attempt: positive, allowance }),
  settled: typed('settled', {
    node: text,
    attempt: positive,
    outcome,
    reason: text,
    steps: count,
    failedSteps: count,
    replans: count,
    toolsUsed: texts,
    failures: fc.array(failure, { maxLength: 2 }),
    spent: cost,
    modelCalls: maybe(count),
    heard,
  }),
  checked: typed('checked', { holds: flag, constraints: maybe(judged), ...thought }),
  asked: typed('asked', { question }),
  answered: typed('answered', { question: text, subgoal: orNull(text), answer }),
  reminded: typed('reminded', { question: text, subgoal: orNull(text) }),
  overtime: typed('overtime', { wallMs: count }),
  blocked: typed('blocked', { reason: text }),
  paused: typed('paused', { by: text, reason: text }),
  resumed: typed('resumed', { by: text }),
  retried: typed('retried', { by: text, reopened: flag }),
  cancelling: typed('cancelling', { reason: text, outcome: fc.constantFrom('failed', 'cancelled') }),
  forked: typed('forked', {
    parent: text,
    session: text,
    cut: fc.dictionary(text, count, { maxKeys: 3, noNullPrototype: true }),
    overrides,
    again: texts,
  }),
  spent: typed('spent', {
    on: fc.constantFrom('opening', 'planning'),
    modelCalls: count,
    spent: cost,
    call: maybe(fc.record({ prompt: text, answer: text })),
  }),
  ended: typed('ended', { outcome, reason: text }),
};
const source = {
  spent: fc.option(cost, { nil: undefined }),
  call: fc.option(fc.record({ prompt: text, answer: text }), { nil: undefined }),
  refused: fc.option(text, { nil: undefined }),
};
const stepEventsByType: { [K in StepEvent['type']]: Fc<Extract<StepEvent, { type: K }>> } = {
  opened: typed('opened', {
    by: text,
    strategy: text,
    state,
    condition: text,
    owner: orNull(text),
    limits: fc.record({
      steps: count,
      replans: count,
      stale: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    }),
    allowance,
    suggested: fc.array(action, { maxLength: 2 }),
    avoid: fc.array(failure, { maxLength: 2 }),
    domain: text,
    snapshots: maybe(fc.constant(false as const)),
    heard,
  }) as Fc<Extract<StepEvent, { type: 'opened' }>>,
  proposed: typed('proposed', { id: text, candidates: fc.array(json, { maxLength: 3 }), note: text, ...source }),
  scored: typed('scored', { id: text, scores: fc.array(number, { maxLength: 3 }), ...source }),
  verified: typed('verified', { id: text, violations: texts, ...source }),
  decided: typed('decided', { id: text, step: count, action, why: text, origin: text, taint: texts, key: maybe(text) }),
  asked: typed('asked', { id: text, question }),
  parked: typed('parked', { questions: texts, until: maybe(time) }),
  postponed: typed('postponed', {
    id: text,
    step: count,
    attempt: positive,
    until: time,
    code: failureCode,
    message: text,
    doubts: maybe(positive),
    retries: maybe(positive),
  }),
  blocked: typed('blocked', { reason: text }),
  replied: typed('replied', { id: text, question: text, answer }),
  tried: typed('tried', { id: text, step: count, key: text, effect }),
  observed: typed('observed', {
    id: text,
    step: count,
    result,
    change,
    others: maybe(change),
    spent: source.spent,
    answeredBy: maybe(text),
  }) as Fc<Extract<StepEvent, { type: 'observed' }>>,
  simulated: typed('simulated', { id: text, change: orNull(change) }) as Fc<Extract<StepEvent, { type: 'simulated' }>>,
  checkpointed: typed('checkpointed', { id: text, snapshot: text }),
  restored: typed('restored', { id: text, state }) as Fc<Extract<StepEvent, { type: 'restored' }>>,
  answered: typed('answered', { id: text, answer: json }),
  elapsed: typed('elapsed', { id: text }),
  wasted: typed('wasted', { id: text, spent: cost }),
  ended: typed('ended', { outcome, reason: text, result: json }),
};
const place = { stream: text, position: count, at: time };
const watched: Fc<WatchedEvent> = fc.oneof(
  fc.record({
    ...place,
    kind: fc.constant('run' as const),
    event: fc.oneof(...Object.values<Fc<RunEvent>>(runEventsByType)),
  }),
  fc.record({
    ...place,
    kind: fc.constant('step' as const),
    event: fc.oneof(...Object.values<Fc<StepEvent>>(stepEventsByType)),
  }),
);

interface Message<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
}

/** Over the wire and back, as bytes. */
function comesBack<T, M>(
  of: Fc<T>,
  message: Message<M>,
  to: (value: T) => M,
  from: (message: M) => T,
  numRuns = 60,
): void {
  fc.assert(
    fc.property(of, (value) => {
      const back = from(message.decode(message.encode(to(value)).finish()));
      expect(back).toEqual(value);
      // The journal takes JSON, and a field that is there with the value undefined is none.
      expect(undefinedFields(back)).toEqual([]);
    }),
    { numRuns },
  );
}

const undefinedFields = (value: unknown, at = ''): readonly string[] =>
  value === undefined
    ? [at]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, part]) => undefinedFields(part, `${at}.${name}`))
      : [];

describe('every noun comes back from the wire as it went in', () => {
  it('an action', () => comesBack(action, pb.Action, toAction, fromAction));
  it('a failure', () => comesBack(failure, pb.Failure, toFailure, fromFailure));
  it('a skill', () => comesBack(skill, pb.SkillManifest, toSkill, fromSkill));
  it('a state', () => comesBack(state, pb.WorldState, toState, fromState));
  it('a change', () => comesBack(change, pb.StateChange, toChange, fromChange));
  it('a result', () => comesBack(result, pb.ActionResult, toResult, fromResult));
  it('a result and a failure, with nothing undefined in them, since both are journalled', () => {
    fc.assert(
      fc.property(result, (value) => expect(Object.values(fromResult(toResult(value)))).not.toContain(undefined)),
    );
    fc.assert(
      fc.property(failure, (value) => expect(Object.values(fromFailure(toFailure(value)))).not.toContain(undefined)),
    );
  });
  it('an observation', () => comesBack(observation, pb.Observation, toObservation, fromObservation));
  it('a goal', () => comesBack(goal, goalPb.Goal, toGoal, fromGoal));
  it('a plan', () => comesBack(plan, pb.Plan, toPlan, fromPlan));
  it('a difference of plans', () => comesBack(diff, pb.PlanDiff, toPlanDiff, fromPlanDiff));
  it('the state of a node', () => comesBack(nodeState, pb.NodeState, toNodeState, (m) => fromNodeState('node', m)));
  it('a tool', () => comesBack(tool, toolPb.Tool, toTool, fromTool));
  it('a world', () => comesBack(world, pb.WorldInfo, toWorldInfo, fromWorldInfo));
  it('a request to open a world', () => comesBack(open, env.OpenRequest, toOpen, fromOpen));
  it('a summary', () => comesBack(summary, pb.RunSummary, toSummary, fromSummary));
  it('a view of a run', () => comesBack(view, planner.PlannerServiceGetResponse, toRunView, fromRunView));
  it('a filter', () => comesBack(filter, planner.RunFilter, toFilter, fromFilter));
  it('what an executor offers', () =>
    comesBack(executorInfo, executor.ExecutorServiceDescribeResponse, toExecutorInfo, fromExecutorInfo));
  it('how the cluster stands', () => comesBack(overview, planner.OverviewResponse, toOverview, fromOverview));
  it('a question', () => comesBack(question, questionPb.Question, toQuestion, fromQuestion));
  it('an answer', () => comesBack(answer, questionPb.Answer, toAnswer, fromAnswer));
  it('a question that waits', () => comesBack(openQuestion, questionPb.OpenQuestion, toOpenQuestion, fromOpenQuestion));
  it('which questions to list', () =>
    comesBack(questionFilter, questionPb.QuestionFilter, toQuestionFilter, fromQuestionFilter));
  it('what to fork', () => comesBack(fork, planner.ForkRequest, toForkRequest, fromForkRequest));
  it('what is taken back', () => comesBack(rollback, planner.RollbackResponse, toRollback, fromRollback));
  it('what to clear away', () => comesBack(gcRequest, planner.CollectGarbageRequest, toGcRequest, fromGcRequest));
  it('what was cleared away', () => comesBack(gcReport, planner.CollectGarbageResponse, toGcReport, fromGcReport));
  it('a schedule', () => comesBack(schedule, SchedulePb, toSchedule, fromSchedule));
  it('an event in its place', () => comesBack(watched, Event, toEvent, fromEvent, 200));
});

describe('every event comes back from the wire as it went in', () => {
  it.each(Object.entries(runEventsByType))('%s of a run', (_type, of) =>
    comesBack<RunEvent, RunEventPb>(of as Fc<RunEvent>, RunEventPb, toRunEvent, fromRunEvent),
  );
  it.each(Object.entries(stepEventsByType))('%s of a step', (_type, of) =>
    comesBack<StepEvent, StepEventPb>(of as Fc<StepEvent>, StepEventPb, toStepEvent, fromStepEvent),
  );
});

describe('order', () => {
  it("keeps the arguments of an action in the skill's order", () => {
    const back = fromAction(
      pb.Action.decode(
        pb.Action.encode(toAction({ skill: 'move', args: { robot: 'r', from: 'b', to: 'a' } })).finish(),
      ),
    );
    expect(Object.keys(back.args)).toEqual(['robot', 'from', 'to']);
  });
  it("keeps the arguments of an edit and of an undo in the skill's order", () => {
    const edit = fromAnswer(
      questionPb.Answer.decode(
        questionPb.Answer.encode(
          toAnswer({ verdict: 'edit', by: '', reason: '', args: { z: 1, a: 2 }, grant: null, value: null }),
        ).finish(),
      ),
    );
    expect(Object.keys(edit.args!)).toEqual(['z', 'a']);
    const manifest: SkillManifest = {
      name: 'pay',
      summary: '',
      parameters: [],
      effect: 'compensable',
      keyed: true,
      source: '',
      undo: { skill: 'refund', args: { z: 'key', a: 'args.a' } },
    };
    expect(
      Object.keys(fromSkill(pb.SkillManifest.decode(pb.SkillManifest.encode(toSkill(manifest)).finish())).undo!.args),
    ).toEqual(['z', 'a']);
  });
});

describe('what a caller left out or got wrong', () => {
  const bare: goalPb.Goal = {
    title: 't',
    world: 'w',
    scenario: '',
    problem: undefined,
    condition: '',
    budget: undefined,
    archive: undefined,
    labels: {},
    models: {},
    request: '',
    tenant: '',
    approvals: [],
  };
  const refusal = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (thrown) {
      return { code: (thrown as { code: string }).code, message: (thrown as Error).message };
    }
  };

  it("gives a goal core's defaults", () => {
    expect(fromGoal(bare)).toMatchObject({
      seed: '1',
      strategy: 'search',
      budget: { steps: 500, replans: 12 },
      archive: { space: 'default', learn: true },
    });
  });
  it('counts what an overview does not name as none, and knows queues that are away from queues that are empty', () => {
    const nothing = { backend: QueueBackend.POSTGRES, runs: [], tools: [], executors: [], questions: 0 };
    expect(fromOverview({ ...nothing, queues: undefined })).toEqual({
      backend: 'postgres',
      executors: [],
      queues: null,
      questions: 0,
      runs: { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 },
      tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
    });
    expect(fromOverview({ ...nothing, queues: { queues: [] } }).queues).toEqual([]);
  });
  it('names the field of a goal that is wrong', () => {
    expect(
      refusal(() => fromGoal({ ...bare, budget: { steps: 0, whenSpent: goalPb.WhenSpent.UNSPECIFIED } })),
    ).toMatchObject({ code: 'invalid', message: expect.stringContaining('goal.budget.steps') });
    expect(refusal(() => fromGoal({ ...bare, title: '' }))).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('goal.title'),
    });
  });
  it('names a part that is missing', () => {
    expect(refusal(() => fromObservation({ result: undefined, state: undefined, before: undefined }))).toEqual({
      code: 'invalid',
      message: 'The field observation.result is missing.',
    });
    expect(refusal(() => fromAction({ skill: 's', args: [{ name: 'x', value: undefined }] }))).toMatchObject({
      message: 'The field action.args.x is missing.',
    });
    expect(refusal(() => fromEvent({ stream: 's', position: 0, atMs: 0, body: undefined }))).toMatchObject({
      message: 'The field event.body is missing.',
    });
  });
  it('understands the events of an older planner, which knows no allowances, costs and questions', () => {
    const older = (event: NonNullable<RunEventPb['event']>): RunEvent =>
      fromRunEvent(RunEventPb.decode(RunEventPb.encode({ event }).finish()));
    expect(older({ $case: 'dispatched', value: { node: '1.1', attempt: 1, allowance: undefined } })).toEqual({
      type: 'dispatched',
      node: '1.1',
      attempt: 1,
      allowance: UNBOUNDED,
    });
    expect(older({ $case: 'cancelling', value: { reason: 'r', outcome: pb.Outcome.UNSPECIFIED } })).toEqual({
      type: 'cancelling',
      reason: 'r',
      outcome: 'cancelled',
    });
    const settled = {
      node: '1.1',
      attempt: 1,
      outcome: pb.Outcome.DONE,
      reason: '',
      steps: 2,
      failedSteps: 0,
      replans: 0,
      toolsUsed: [],
      failures: [],
      spent: undefined,
      heard: [],
    };
    expect(older({ $case: 'settled', value: settled })).toMatchObject({
      spent: { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 },
    });
    const opened = {
      session: 's',
      domainName: '',
      domain: '',
      problem: '',
      condition: '',
      agents: [],
      tools: [],
      approvals: [],
      versions: undefined,
      prompts: {},
      constraints: [],
      denied: [],
      call: undefined,
      spent: undefined,
    };
    expect(older({ $case: 'opened', value: opened })).toMatchObject({
      approvals: [],
      versions: { planning: 1, acting: 1 },
    });
    expect(
      fromNodeState('node', { status: pb.NodeStatus.PENDING, attempt: 0, reason: '', allowance: undefined }).allowance,
    ).toEqual(UNBOUNDED);
  });
  it('refuses a fork before the first step, an age below 0, and a skill that gives budget back', () => {
    expect(
      refusal(() => fromForkRequest({ runId: 'r', at: { step: -1 }, freshArchive: false, action: undefined })),
    ).toMatchObject({ code: 'invalid', message: 'The field fork.at.step is less than 0.' });
    expect(
      refusal(() => fromForkRequest({ runId: 'r', at: undefined, freshArchive: false, action: undefined })),
    ).toMatchObject({ message: 'The field fork.at is missing.' });
    expect(refusal(() => fromGcRequest({ maxAgeMs: -1, dryRun: true }))).toMatchObject({
      message: 'The field garbage.maxAgeMs is less than 0.',
    });
    const generous = toSkill({
      name: 'x',
      summary: '',
      parameters: [],
      effect: 'pure',
      keyed: false,
      source: '',
      money: -1,
    });
    expect(refusal(() => fromSkill(generous))).toMatchObject({ message: 'The field skill.x.money is not an amount.' });
  });
  it('refuses an answer without a verdict, and a schedule without a time', () => {
    const nobody = {
      verdict: questionPb.Verdict.UNSPECIFIED,
      by: '',
      reason: '',
      args: undefined,
      grant: undefined,
      valueJson: '',
    };
    expect(refusal(() => fromAnswer(nobody))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/answer\.verdict must be one of approve, reject/),
    });
    expect(refusal(() => fromAnswer({ ...nobody, verdict: questionPb.Verdict.ANSWER, valueJson: '{' }))).toMatchObject({
      message: 'The field answer.value is not a JSON text.',
    });
    expect(refusal(() => fromSchedule({ id: 's', goal: bare, timing: undefined, createdAtMs: 0 }))).toMatchObject({
      message: 'The field schedule.timing is missing.',
    });
  });
  it('names a word of a newer release', () => {
    const bytes = pb.SkillManifest.encode(
      toSkill({ name: 'x', summary: '', parameters: [], effect: 'pure', keyed: false, source: '' }),
    )
      .uint32(32)
      .int32(99)
      .finish();
    expect(refusal(() => fromSkill(pb.SkillManifest.decode(bytes)))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/skill\.x\.effect must be one of pure, reversible/),
    });
  });
  it('refuses an argument that stands twice and a text that is not JSON', () => {
    expect(
      refusal(() =>
        fromAction({
          skill: 's',
          args: [
            { name: 'x', value: 1 },
            { name: 'x', value: 2 },
          ],
        }),
      ),
    ).toMatchObject({ message: 'The field action.args.x stands twice.' });
    expect(
      refusal(() => fromStepEvent({ event: { $case: 'answered', value: { id: '1', answerJson: '{' } } })),
    ).toMatchObject({ message: 'The field answered.answer is not a JSON text.' });
  });
});
