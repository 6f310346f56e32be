import { answerShortage } from '../run/budget-grants.js';
import { mismatch, type Divergence, type Mismatch } from './divergence.js';
import { makeSubgoalId, parseSubgoalId, planningStream, runStream, type RunId, type SubgoalId } from '../values/ids.js';
import type { Journal, StoredEvent } from '../journal/journal.js';
import { next, type Command } from '../run/next.js';
import { diffPlans } from '../goals/plan.js';
import { validationError, type Question } from '../acting/question.js';
import { budgetQuestion } from '../run/run-budget.js';
import type { RunEvent } from '../run/run-event.js';
import { readRun, type RunHistory } from '../run/run-history.js';
import { endWithResult, type Resolve } from '../run/run-result.js';
import { fold } from '../run/fold-run.js';
import { nextPlanVersion, type Run } from '../run/run.js';
import { settleSubgoal } from '../run/settle.js';
import { stepEvents, type StepEvent } from '../acting/step.js';

/** Everything a run wrote, with the streams of its plannings by the plan's version. */
export interface RecordedRun extends RunHistory {
  readonly plannings: ReadonlyMap<number, readonly StoredEvent[]>;
}

/** Reads a run with its subgoals and plannings. */
export async function readRecordedRun(run: RunId, journal: Pick<Journal, 'read'>): Promise<RecordedRun> {
  const history = await readRun(run, journal);
  // The last planning may have given no plan.
  const last = nextPlanVersion(history.state);
  const plannings = new Map<number, readonly StoredEvent[]>();
  for (let version = 1; version <= last; version++) {
    const events = await journal.read(planningStream(run, version));
    if (events.length > 0) plannings.set(version, events);
  }
  return { ...history, plannings };
}

/**
 * Replay of a run's own stream, pure: every event must be one that could follow those before it.
 *
 * replay-run.1 What the planner wrote is what `next` said, what a subgoal's or planning's stream ended with, or what
 *              the clock said.
 *              The result of a run is made again where `resolve` is given.
 * replay-run.2 What people did was possible when they did it; an answer fits an open question.
 */
export function replayRun(recorded: RecordedRun, resolve?: Resolve): Divergence | null {
  const { events, stored, run } = recorded;
  const open = readQuestions(recorded);
  for (const [position, event] of events.entries()) {
    const state = fold(events.slice(0, position));
    const found =
      stored[position]!.position === position
        ? follows({ recorded, state, event, stored: stored[position]!, open, resolve })
        : { expected: `position ${position}`, found: `position ${stored[position]!.position}` };
    if (found) return { stream: runStream(run), position, ...found };
  }
  return null;
}

interface Candidate {
  readonly recorded: RecordedRun;
  /** The run before the event; null where there was none. */
  readonly state: Run | null;
  readonly event: RunEvent;
  readonly stored: StoredEvent;
  readonly resolve: Resolve | undefined;
  /** Questions of subgoals, by id. */
  readonly open: ReadonlyMap<string, { readonly subgoal: SubgoalId; readonly question: Question }>;
}

type Check<T extends RunEvent['type']> = (
  event: Extract<RunEvent, { type: T }>,
  state: Run,
  candidate: Pick<Candidate, 'recorded' | 'stored' | 'open' | 'resolve'>,
) => Mismatch | null;

/** What speaks against an event after a run's earlier ones. */
const CHECKS: { readonly [T in RunEvent['type']]: Check<T> } = {
  accepted: (_event, state) => unexpected(state, 'accepted once more'),
  opened: commanded,
  planned,
  dispatched: commanded,
  settled,
  // What failed or was abandoned leaves no other trace.
  spent: () => null,
  checked: commanded,
  asked,
  answered,
  reminded: () => null,
  blocked: () => null,
  overtime: ({ wallMs }, state) => (wasOver(wallMs, state) ? null : unexpected(state, 'overtime')),
  paused: (_event, state) => (state.paused === null && state.cancelling === null ? null : unexpected(state, 'paused')),
  resumed: (_event, state) => (state.paused === null ? unexpected(state, 'resumed') : null),
  retried,
  cancelling,
  forked: () => null,
  ended,
};

function follows({ state, event, ...candidate }: Candidate): Mismatch | null {
  if (state === null) return event.type === 'accepted' ? null : { expected: 'accepted', found: event.type };
  if (state.ended && event.type !== 'forked' && event.type !== 'retried')
    return { expected: 'nothing after the end', found: event.type };
  const check = CHECKS[event.type] as Check<RunEvent['type']>;
  return check(event, state, candidate);
}

const unexpected = (state: Run, found: string): Mismatch => ({ expected: wanted(state), found });

/** Only what was recorded is compared: an event of an older release says less. */
function compare<E extends RunEvent>(expected: E, event: E, { data, version }: StoredEvent): Mismatch | null {
  const told = (value: E): object =>
    Object.fromEntries(Object.entries(value).filter(([name]) => version > 1 || name in (data as object)));
  return mismatch(event.type, told(expected), told(event));
}

function commanded(
  event: Extract<RunEvent, { type: 'opened' | 'dispatched' | 'checked' }>,
  state: Run,
  { stored }: Pick<Candidate, 'stored'>,
): Mismatch | null {
  const [command] = next(state);
  const kind = { opened: 'open', dispatched: 'dispatch', checked: 'check' }[event.type];
  if (command?.kind !== kind) return unexpected(state, event.type);
  // Where the goal has a condition of its own, that is the run's.
  if (event.type === 'opened' && state.goal.condition !== '')
    return mismatch('opened.condition', state.goal.condition, event.condition);
  if (command.kind !== 'dispatch') return null;
  return compare<RunEvent>(
    { type: 'dispatched', node: command.node.id, attempt: command.attempt, allowance: command.allowance },
    event,
    stored,
  );
}

function settled(
  event: Extract<RunEvent, { type: 'settled' }>,
  state: Run,
  { recorded, stored }: Pick<Candidate, 'recorded' | 'stored'>,
): Mismatch | null {
  const at = state.nodes.get(event.node);
  if (at?.status !== 'dispatched') return unexpected(state, `settled ${event.node}, which is not under way`);
  const subgoal = makeSubgoalId(recorded.run, event.node, at.attempt);
  const steps = stepsOf(recorded, subgoal);
  // Where it was settled before it began, what began it nevertheless came later.
  const isUnstarted = state.cancelling !== null && steps.at(-1)?.type !== 'ended';
  const expected = settleSubgoal(event.node, at, isUnstarted ? [] : steps, state);
  return expected ? compare(expected, event, stored) : { expected: `the end of ${subgoal}`, found: 'settled' };
}

function stepsOf({ subgoals }: RecordedRun, subgoal: SubgoalId): readonly StepEvent[] {
  return subgoals.find((s) => s.subgoal === subgoal)?.events.map((e) => stepEvents.decode(e)) ?? [];
}

function planned(
  event: Extract<RunEvent, { type: 'planned' }>,
  state: Run,
  { recorded, stored }: Pick<Candidate, 'recorded' | 'stored'>,
): Mismatch | null {
  const [command] = next(state);
  if (command?.kind !== 'plan') return unexpected(state, 'planned');
  const version = nextPlanVersion(state);
  const kept = (state.plan?.nodes ?? []).filter((n) => command.keep.includes(n.id));
  const frame = mismatch(
    'planned',
    { version, reason: command.reason, kept },
    { version: event.plan.version, reason: event.reason, kept: event.plan.nodes.slice(0, kept.length) },
  );
  if (frame) return frame;
  const result = endOf(recorded, version)?.result as
    | { readonly plan?: unknown; readonly evaluated?: unknown }
    | undefined;
  // A fork has its parent's plans, but not the streams in which they were made.
  const made = result
    ? mismatch(
        'planned',
        { plan: result.plan, evaluated: result.evaluated },
        { plan: event.plan, evaluated: event.evaluated },
      )
    : null;
  return made ?? compare({ ...event, diff: diffPlans(state.plan, event.plan) as typeof event.diff }, event, stored);
}

/** How the planning of a version ended; null where it did not, or was not recorded. */
function endOf({ plannings }: RecordedRun, version: number): Extract<StepEvent, { type: 'ended' }> | null {
  const last = plannings.get(version)?.at(-1);
  const event = last ? stepEvents.decode(last) : null;
  return event?.type === 'ended' ? event : null;
}

/** What the planning of a version asked. */
function planningAsked({ plannings }: RecordedRun, version: number): readonly Question[] {
  return (plannings.get(version) ?? [])
    .map((e) => stepEvents.decode(e))
    .flatMap((e) => (e.type === 'asked' ? [e.question] : []));
}

/** What needs the world or others, and so can fail in ways that no journal foretells. */
const CAN_FAIL: ReadonlySet<Command['kind']> = new Set(['open', 'plan', 'check']);

function ended(
  event: Extract<RunEvent, { type: 'ended' }>,
  state: Run,
  { recorded, stored, resolve }: Pick<Candidate, 'recorded' | 'stored' | 'resolve'>,
): Mismatch | null {
  const [command] = next(state);
  if (command?.kind === 'end') {
    const { outcome, reason } = command;
    // Without a way to make it again, the result is taken as it was recorded.
    const { result } = event;
    const end = resolve ? endWithResult(state, command, resolve) : { outcome, reason, ...(result && { result }) };
    return compare<RunEvent>({ type: 'ended', ...end }, event, stored);
  }
  if (!command || !CAN_FAIL.has(command.kind) || event.outcome !== 'failed')
    return unexpected(state, `ended as ${event.outcome}`);
  const planning = command.kind === 'plan' ? endOf(recorded, nextPlanVersion(state)) : null;
  return planning?.outcome === 'failed' ? mismatch('ended.reason', planning.reason, event.reason) : null;
}

function asked(
  { question }: Extract<RunEvent, { type: 'asked' }>,
  state: Run,
  { recorded }: Pick<Candidate, 'recorded'>,
): Mismatch | null {
  const [command] = next(state);
  if (command?.kind === 'ask') return mismatch('asked.question', command.question, question);
  // What a goal in plain words leaves open, and what a planning has to know, is asked by the run.
  if (command?.kind === 'open' && question.kind === 'question')
    return state.goal.request === '' ? unexpected(state, 'asked before it was open') : null;
  if (command?.kind === 'plan')
    return mismatch(
      'asked.question',
      planningAsked(recorded, nextPlanVersion(state)).find((q) => q.id === question.id),
      question,
    );
  return askedForAnother(question, state);
}

/** The planner asks on behalf of a subgoal that is short. */
function askedForAnother(question: Question, state: Run): Mismatch | null {
  const isOpen = state.asked.some((q) => q.answer === null);
  if (isOpen || state.cancelling !== null || question.kind !== 'budget' || question.needs === null)
    return unexpected(state, `asked (${question.kind})`);
  return mismatch('asked.question.id', budgetQuestion(state, question.needs, '').id, question.id);
}

type Answered = Extract<RunEvent, { type: 'answered' }>;

function answered(
  event: Answered,
  state: Run,
  { open, stored, recorded }: Pick<Candidate, 'open' | 'stored' | 'recorded'>,
): Mismatch | null {
  const { question: id, subgoal, answer } = event;
  const question =
    subgoal === null ? state.asked.find((q) => q.question.id === id)?.question : askedBy(subgoal, id, open);
  if (!question) return { expected: 'an answer to a question that was asked', found: `an answer to ${id}` };
  const isAnswered =
    subgoal === null ? state.asked.some((q) => q.question.id === id && q.answer !== null) : state.answers.has(id);
  if (isAnswered) return { expected: 'one answer', found: `another one to ${id}` };
  if (answer.verdict === 'expired')
    return question.expiresAt === null ? { expected: 'no end of time', found: 'expired' } : null;
  // Answered just before the time was over, and written just after it, is in time.
  const problem = validationError(question, answer, Math.min(stored.at, question.expiresAt ?? stored.at));
  if (problem !== null) return { expected: 'an answer that fits', found: problem };
  return answer.by === 'planner' && subgoal !== null ? granted(event, question, state, recorded.run) : null;
}

/** A fork shares its parent's questions, which bear the parent's name. */
function askedBy(subgoal: SubgoalId, id: string, open: Candidate['open']): Question | null {
  const asked = open.get(id);
  const [found, wanted] = [parseSubgoalId(asked?.subgoal ?? ''), parseSubgoalId(subgoal)];
  return asked && found?.node === wanted?.node && found?.attempt === wanted?.attempt ? asked.question : null;
}

/**
 * replay-run.1: what the planner said to a subgoal that is short. Who else was at work then, its streams do not tell.
 */
function granted(event: Answered, question: Question, state: Run, run: RunId): Mismatch | null {
  const { node } = parseSubgoalId(event.subgoal!)!;
  const [expected] = [false, true]
    .map((others) => answerShortage(state, run, { node, question }, others))
    .filter((e) => e?.type === 'answered');
  return mismatch('answered.answer', expected?.answer, event.answer);
}

function cancelling({ outcome }: Extract<RunEvent, { type: 'cancelling' }>, state: Run): Mismatch | null {
  if (state.cancelling !== null) return unexpected(state, 'cancelled once more');
  return outcome === 'failed' && state.goal.deadlineMs === null && !state.overtime
    ? unexpected(state, 'the end of a time that nobody set')
    : null;
}

/** Only a run that failed is reopened, and only one that goes on is woken. */
function retried({ reopened }: Extract<RunEvent, { type: 'retried' }>, state: Run): Mismatch | null {
  const fits = reopened ? state.ended?.outcome === 'failed' : state.ended === null;
  return fits ? null : unexpected(state, reopened ? 'reopened' : 'retried');
}

function wasOver(wallMs: number, state: Run): boolean {
  const limit = state.goal.budget.wallMs;
  return limit !== null && wallMs >= limit * (1 + state.extensions) && !state.overtime;
}

function readQuestions({ subgoals }: RecordedRun): Candidate['open'] {
  return new Map(
    subgoals.flatMap(({ subgoal, events }) =>
      events.flatMap((stored) => {
        const event = stepEvents.decode(stored);
        return event.type === 'asked' ? [[event.question.id, { subgoal, question: event.question }] as const] : [];
      }),
    ),
  );
}

/** What the planner would do now, in the words of its events. */
function wanted(state: Run): string {
  const [command] = next(state);
  if (command)
    return { open: 'opened', plan: 'planned', dispatch: `dispatched`, check: 'checked', ask: 'asked', end: 'ended' }[
      command.kind
    ];
  const busy = [...state.nodes].flatMap(([id, at]) => (at.status === 'dispatched' ? [id] : []));
  return busy.length > 0 ? `the end of ${busy.join(' or ')}` : 'nothing of the planner';
}
