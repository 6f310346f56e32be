import {
  NO_COST,
  UNBOUNDED,
  diffPlans,
  fold,
  goalSchema,
  keyedChoice,
  keyedRandom,
  makeQuestion,
  makeSubgoalId,
  next,
  nextPlanVersion,
  type Answer,
  type Command,
  type Goal,
  type NodeId,
  type Outcome,
  type Plan,
  type PlanNode,
  type Question,
  type Run,
  type RunEvent,
  type RunId,
  type StepEvent,
  type SubgoalId,
} from '@praxis/core';

/** A run as it might have gone: its own events, and those of its subgoals. */
export interface History {
  readonly run: RunId;
  readonly runEvents: readonly RunEvent[];
  readonly steps: ReadonlyMap<SubgoalId, readonly StepEvent[]>;
}

/** No history is longer than this many events of the run: the last ones may be missing, as after a crash. */
const MAX_EVENTS = 60;

/**
 * Makes up a run that obeys `next`, with failures, repairs, questions, pauses and cancels; equal seeds give equal runs.
 */
export function randomHistory(run: RunId, seed: string): History {
  return new Author(run, seed).write();
}

class Author {
  private readonly events: RunEvent[] = [];
  private readonly steps = new Map<SubgoalId, StepEvent[]>();
  /** What parked subgoals wait for. */
  private readonly parked = new Map<SubgoalId, Question>();
  private draws = 0;

  constructor(
    private readonly run: RunId,
    private readonly seed: string,
  ) {}

  write(): History {
    const goal = goalSchema.parse({
      title: `goal ${this.seed}`,
      world: this.choice(['household', 'pddl']),
      budget: {
        steps: this.choice([5, 40]),
        replans: 3,
        wallMs: this.choice([null, 5000]),
        whenSpent: this.choice(['ask', 'ask', 'fail']),
      },
      deadlineMs: this.choice([null, 60_000]),
      archive: { space: this.choice(['default', 'lab']), learn: this.chance(0.8) },
    });
    this.events.push({ type: 'accepted', goal });
    while (this.events.length < MAX_EVENTS && this.chance(0.98)) {
      const run = fold(this.events)!;
      if (run.ended) {
        if (run.ended.outcome !== 'failed' || this.chance(0.6)) break;
        this.events.push({ type: 'retried', by: 'author', reopened: true });
        continue;
      }
      if (this.interfere(run)) continue;
      const commands = next(run);
      if (commands.length > 0) for (const command of commands) this.obey(command, run.goal, run.plan);
      else this.wait(run);
    }
    return { run: this.run, runEvents: this.events, steps: this.steps };
  }

  /** Something that the run needs is away for a while. */
  private block(run: Run): void {
    if (run.blocked === null && this.chance(0.03)) this.events.push({ type: 'blocked', reason: 'made up' });
  }

  /** What people and clocks do whenever they like; whether they did. */
  private interfere(run: Run): boolean {
    const before = this.events.length;
    this.block(run);
    const isHeld = run.paused !== null || run.asked.some((q) => q.answer === null);
    if (run.cancelling === null && this.chance(0.02))
      this.events.push({ type: 'cancelling', reason: 'made up', outcome: this.choice(['cancelled', 'failed']) });
    else if (run.cancelling === null && run.paused === null && this.chance(0.03))
      this.events.push({ type: 'paused', by: 'author', reason: 'made up' });
    else if (run.goal.budget.wallMs !== null && !isHeld && !run.overtime && this.chance(0.03))
      this.events.push({ type: 'overtime', wallMs: 5000 });
    return this.events.length > before;
  }

  /** Nothing is to be done: somebody answers, lets the run go on, or a subgoal does. */
  private wait(run: Run): void {
    const asked = run.asked.find((q) => q.answer === null)?.question;
    const busy = [...run.nodes].filter(([, n]) => n.status === 'dispatched');
    if (busy.length > 0 && this.chance(0.7)) this.move(busy);
    else if (run.paused !== null && run.cancelling === null) this.events.push({ type: 'resumed', by: 'author' });
    else if (asked) this.answer(asked, null, this.choice(['grant', 'grant', 'reject']));
    else this.move(busy);
  }

  private move(busy: readonly (readonly [NodeId, { readonly attempt: number }])[]): void {
    const [node, { attempt }] = this.choice(busy);
    const subgoal = makeSubgoalId(this.run, node, attempt);
    const question = this.parked.get(subgoal);
    const isCancelling = fold(this.events)!.cancelling !== null;
    if (question && !isCancelling) return this.reply(subgoal, question);
    if (this.steps.get(subgoal)!.length === 0 && this.chance(0.3)) return this.park(subgoal);
    this.settle(node, attempt, isCancelling ? 'cancelled' : this.choice(['done', 'done', 'failed', 'cancelled']));
  }

  private obey(command: Command, goal: Goal, plan: Plan | null): void {
    switch (command.kind) {
      case 'open':
        this.events.push({
          type: 'opened',
          session: this.run,
          domainName: goal.world,
          domain: '',
          problem: '',
          condition: '',
          agents: [],
          tools: [],
          approvals: [],
          versions: { planning: 1, acting: 1 },
        });
        return;
      case 'plan':
        return this.plan(command, plan);
      case 'dispatch':
        this.events.push({
          type: 'dispatched',
          node: command.node.id,
          attempt: command.attempt,
          allowance: command.allowance,
        });
        this.steps.set(makeSubgoalId(this.run, command.node.id, command.attempt), []);
        return;
      case 'check':
        this.events.push({ type: 'checked', holds: this.chance(0.7) });
        return;
      case 'ask':
        this.events.push({ type: 'asked', question: command.question });
        return;
      case 'end':
        this.events.push({ type: 'ended', outcome: command.outcome, reason: command.reason });
    }
  }

  private plan({ reason, keep }: Extract<Command, { kind: 'plan' }>, before: Plan | null): void {
    const version = nextPlanVersion(fold(this.events)!);
    const kept = (before?.nodes ?? []).filter((n) => keep.includes(n.id));
    const added = Array.from({ length: 1 + this.below(3) }, (_, i) =>
      this.node(`${version}.${i + 1}`, i > 0 && this.chance(0.5) ? [`${version}.${i}`] : []),
    );
    const plan = { version, nodes: [...kept, ...added] };
    this.events.push({
      type: 'planned',
      plan,
      diff: diffPlans(before, plan) as Extract<RunEvent, { type: 'planned' }>['diff'],
      reason,
      evaluated: this.below(100),
    });
  }

  private node(id: string, after: readonly string[]): PlanNode {
    return {
      id,
      title: id,
      pre: [],
      post: '(done)',
      after: [...after],
      owner: null,
      lane: this.choice(['default', 'slow']),
      steps: [],
      cost: 1,
    };
  }

  /** A subgoal asks a person and lets go. */
  private park(subgoal: SubgoalId): void {
    const kind = this.choice(['approval', 'uncertain', 'question'] as const);
    const expiresAt = this.choice([null, 5_000_000]);
    const question = makeQuestion({ id: `q-${subgoal}-${this.below(1e6)}`, kind, text: 'May I?', expiresAt });
    this.open(subgoal);
    this.act(subgoal);
    this.steps.get(subgoal)!.push({ type: 'asked', id: 'q', question }, { type: 'parked', questions: [question.id] });
    this.parked.set(subgoal, question);
    if (this.chance(0.4)) this.events.push({ type: 'reminded', question: question.id, subgoal });
  }

  private reply(subgoal: SubgoalId, question: Question): void {
    const answer = this.answer(question, subgoal, this.choice(['approve', 'reject', 'expired']));
    this.parked.delete(subgoal);
    if (this.chance(0.8)) this.steps.get(subgoal)!.push({ type: 'replied', id: 'q', question: question.id, answer });
  }

  private answer({ id }: Question, subgoal: SubgoalId | null, verdict: Answer['verdict']): Answer {
    const grant = verdict === 'grant' ? { ...NO_COST, steps: 10 } : null;
    const answer: Answer = { verdict, by: 'author', reason: '', args: null, grant, value: null };
    this.events.push({ type: 'answered', question: id, subgoal, answer });
    return answer;
  }

  private settle(node: NodeId, attempt: number, outcome: Outcome): void {
    const subgoal = makeSubgoalId(this.run, node, attempt);
    const stream = this.steps.get(subgoal)!;
    if (stream.length > 0 || this.chance(0.9)) {
      if (stream.length === 0) this.open(subgoal);
      if (!this.parked.has(subgoal)) this.act(subgoal);
      stream.push({ type: 'ended', outcome, reason: outcome, result: null });
    }
    const oks = stream.flatMap((e) => (e.type === 'observed' ? [e.result.ok] : []));
    const toolsUsed = this.chance(0.3) ? [this.choice(['t1', 't2'])] : [];
    const counts = { steps: oks.length, failedSteps: oks.filter((ok) => !ok).length, replans: this.below(2) };
    this.events.push({
      type: 'settled',
      node,
      attempt,
      outcome,
      reason: outcome,
      ...counts,
      toolsUsed,
      failures: [],
      spent: { ...NO_COST, steps: oks.length },
    });
  }

  private open(subgoal: SubgoalId): void {
    const limits = { steps: 10, replans: 2 };
    const state = { facts: [], numbers: {} };
    const from = {
      state,
      condition: '(done)',
      owner: null,
      limits,
      allowance: UNBOUNDED,
      suggested: [],
      avoid: [],
      domain: 'made-up',
    };
    this.steps.get(subgoal)!.push({ type: 'opened', by: 'author', strategy: 'search', ...from });
  }

  private act(subgoal: SubgoalId): void {
    const stream = this.steps.get(subgoal)!;
    const change = { added: [], removed: [], numbers: {} };
    for (let left = this.below(4); left > 0; left--) {
      const ok = this.chance(0.7);
      const step = stream.length;
      stream.push({
        type: 'decided',
        id: `e${step}`,
        step,
        action: { skill: 'wait', args: {} },
        why: '',
        origin: 'policy',
        taint: [],
      });
      if (this.chance(0.2)) this.postpone(stream, step);
      stream.push({
        type: 'observed',
        id: `e${step}`,
        step,
        result: ok ? { ok, message: '' } : { ok, code: 'not-applicable', message: 'no' },
        change,
      });
    }
  }

  private postpone(stream: StepEvent[], step: number): void {
    const until = 1_800_000_000_000 + this.below(1e6);
    stream.push(
      { type: 'postponed', id: `e${step}`, step, attempt: 1, until, code: 'unavailable', message: 'away' },
      { type: 'parked', questions: [], until },
    );
  }

  private draw = (): number => keyedRandom(this.seed, this.draws++);
  private chance = (probability: number): boolean => this.draw() < probability;
  private below = (bound: number): number => Math.floor(this.draw() * bound);
  private choice = <T>(list: readonly T[]): T => keyedChoice(list, this.seed, this.draws++);
}
