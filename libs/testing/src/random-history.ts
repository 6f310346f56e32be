import {
  diffPlans,
  fold,
  goalSchema,
  keyedChoice,
  keyedRandom,
  makeSubgoalId,
  next,
  type Command,
  type Goal,
  type Outcome,
  type Plan,
  type PlanNode,
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

/** Makes up a run that obeys `next`, with failures, repairs and cancels; equal seeds give equal runs. */
export function randomHistory(run: RunId, seed: string): History {
  return new Author(run, seed).write();
}

class Author {
  private readonly events: RunEvent[] = [];
  private readonly steps = new Map<SubgoalId, StepEvent[]>();
  private draws = 0;

  constructor(
    private readonly run: RunId,
    private readonly seed: string,
  ) {}

  write(): History {
    const goal = goalSchema.parse({
      title: `goal ${this.seed}`,
      world: this.choice(['household', 'pddl']),
      budget: { steps: 40, replans: 3 },
      archive: { space: this.choice(['default', 'lab']), learn: this.chance(0.8) },
    });
    this.events.push({ type: 'accepted', goal });
    while (this.events.length < MAX_EVENTS && this.chance(0.98)) {
      const run = fold(this.events)!;
      if (run.ended) break;
      if (run.cancelling === null && this.chance(0.02)) this.events.push({ type: 'cancelling', reason: 'made up' });
      const commands = next(run);
      if (commands.length > 0) for (const command of commands) this.obey(command, run.goal, run.plan);
      else this.settleOne();
    }
    return { run: this.run, runEvents: this.events, steps: this.steps };
  }

  private obey(command: Command, goal: Goal, plan: Plan | null): void {
    switch (command.kind) {
      case 'open':
        this.events.push({ type: 'opened', session: `s-${this.run}`, domainName: goal.world, domain: '', problem: '', condition: '', agents: [], tools: [] });
        return;
      case 'plan':
        return this.plan(command, plan);
      case 'dispatch':
        this.events.push({ type: 'dispatched', node: command.node.id, attempt: command.attempt });
        this.steps.set(makeSubgoalId(this.run, command.node.id, command.attempt), []);
        return;
      case 'check':
        this.events.push({ type: 'checked', holds: this.chance(0.7) });
        return;
      case 'end':
        this.events.push({ type: 'ended', outcome: command.outcome, reason: command.reason });
    }
  }

  private plan({ reason, keep }: Extract<Command, { kind: 'plan' }>, before: Plan | null): void {
    const version = (before?.version ?? 0) + 1;
    const kept = (before?.nodes ?? []).filter((n) => keep.includes(n.id));
    const added = Array.from({ length: 1 + this.below(3) }, (_, i) => this.node(`${version}.${i + 1}`, i > 0 && this.chance(0.5) ? [`${version}.${i}`] : []));
    const plan = { version, nodes: [...kept, ...added] };
    this.events.push({ type: 'planned', plan, diff: diffPlans(before, plan) as Extract<RunEvent, { type: 'planned' }>['diff'], reason, evaluated: this.below(100) });
  }

  private node(id: string, after: readonly string[]): PlanNode {
    return { id, title: id, pre: [], post: '(done)', after: [...after], owner: null, lane: this.choice(['default', 'slow']), steps: [], cost: 1 };
  }

  private settleOne(): void {
    const busy = [...fold(this.events)!.nodes].filter(([, n]) => n.status === 'dispatched');
    const [node, { attempt }] = this.choice(busy);
    const outcome: Outcome = this.choice(['done', 'done', 'failed', 'cancelled']);
    const steps = this.chance(0.9) ? this.act(makeSubgoalId(this.run, node, attempt), outcome) : [];
    const failedSteps = steps.filter((ok) => !ok).length;
    const toolsUsed = this.chance(0.3) ? [this.choice(['t1', 't2'])] : [];
    this.events.push({ type: 'settled', node, attempt, outcome, reason: outcome, steps: steps.length, failedSteps, replans: this.below(2), toolsUsed, failures: [] });
  }

  /** Fills a subgoal's stream; gives which of its steps went well. */
  private act(subgoal: SubgoalId, outcome: Outcome): readonly boolean[] {
    const oks = Array.from({ length: this.below(4) }, () => this.chance(0.7));
    const change = { added: [], removed: [], numbers: {} };
    const acted = oks.flatMap((ok, step): StepEvent[] => [
      { type: 'decided', id: `e${step}`, step, action: { skill: 'wait', args: {} }, why: '', origin: 'policy' },
      { type: 'observed', id: `e${step}`, step, result: ok ? { ok, message: '' } : { ok, code: 'not-applicable', message: 'no' }, change },
    ]);
    const limits = { steps: 10, replans: 2 };
    const state = { facts: [], numbers: {} };
    this.steps.get(subgoal)!.push(
      { type: 'opened', by: 'author', strategy: 'search', state, condition: '(done)', owner: null, limits, suggested: [], avoid: [], domain: 'made-up' },
      ...acted,
      { type: 'ended', outcome, reason: outcome, result: null },
    );
    return oks;
  }

  private draw = (): number => keyedRandom(this.seed, this.draws++);
  private chance = (probability: number): boolean => this.draw() < probability;
  private below = (bound: number): number => Math.floor(this.draw() * bound);
  private choice = <T>(list: readonly T[]): T => keyedChoice(list, this.seed, this.draws++);
}
