import { z } from 'zod';
import {
  actionSchema,
  applyChange,
  failureSchema,
  makeAction,
  makeFailure,
  sameFailure,
  stateSchema,
  type Action,
  type Failure,
  type Json,
  type Tool,
  type WorldState,
} from '@praxis/core';
import { guardsOf, withMacros } from '@praxis/actions';
import {
  BelievedRules,
  type BrokenPlan,
  type ExplainedPlan,
  type PlanRequest,
  type SearchResult,
} from '@praxis/search';
import type { Proposal } from '@praxis/strategy';

/** What the receding horizon asks of a proposer. */
const questionSchema = z.object({
  state: stateSchema,
  condition: z.string(),
  owner: z.string().nullable(),
  failures: z.array(failureSchema),
  /** Those of the failures that others saw, or earlier attempts; absent in histories of older releases. */
  inherited: z.array(failureSchema).optional(),
  suggested: z.array(actionSchema),
});
type Question = z.infer<typeof questionSchema>;

/** What a search policy works with. */
export interface SearchPolicyParts {
  readonly domain: string;
  readonly problem: string;
  readonly agents: readonly string[];
  readonly tools: readonly Tool[];
  readonly evaluated: number;
  /** Skills that the rules deny. */
  readonly denied?: readonly string[];
  /** Whose search it is: the run's id. */
  readonly turn?: string | undefined;
  /** Where untrusted parts of what is to be reached came from. */
  readonly taint: readonly string[];
  plan(request: PlanRequest, signal: AbortSignal): Promise<SearchResult>;
}

/**
 * Proposes the steps of a subgoal from the believed rules: first the steps that were suggested, if they still lead to
 * the condition (mended by the archive's macros where that helps), otherwise by search. What failed is not tried again
 * while the facts are the same, unless no plan is left then: first what slipped may be tried again, then what others
 * saw refused.
 */
export class SearchPolicy {
  readonly rules: BelievedRules;

  constructor(private readonly parts: SearchPolicyParts) {
    this.rules = new BelievedRules(parts, guardsOf(parts.tools), { turn: parts.turn });
  }

  /** At most one proposal; none, with the reason, where the believed rules offer no way. */
  async propose(context: Json, signal: AbortSignal): Promise<{ candidates: readonly Json[]; note: string }> {
    const question = questionSchema.parse(context);
    const known = await this.suggestion(question, signal);
    if (known) return { candidates: [known as unknown as Json], note: 'as suggested' };
    const result = await this.search(question, signal);
    if (result.kind !== 'solved') return { candidates: [], note: describe(result, question) };
    const explained = await this.rules.explain(question.state, result.steps, question.condition, signal);
    if ('brokenAt' in explained)
      return { candidates: [], note: `the plan that was found does not pass the check: ${explained.reason}` };
    const proposal = await this.proposal(explained, () => 'search', []);
    return { candidates: [proposal as unknown as Json], note: `${result.stats.evaluated} states evaluated` };
  }

  private async suggestion(question: Question, signal: AbortSignal): Promise<Proposal | null> {
    if (question.suggested.length === 0) return null;
    const plain = await this.usable(question, question.suggested, signal);
    if (plain) return this.proposal(plain, () => 'suggested', []);
    const { actions, used } = withMacros(question.suggested, this.parts.tools, question.state);
    if (used.length === 0) return null;
    const mended = await this.usable(question, actions, signal);
    return (
      mended && this.proposal(mended, (i) => (question.suggested.includes(actions[i]!) ? 'suggested' : used[0]!), used)
    );
  }

  private async usable(
    question: Question,
    actions: readonly Action[],
    signal: AbortSignal,
  ): Promise<ExplainedPlan | null> {
    const steps = actions.map((a) => ({ action: a.skill, args: Object.values(a.args).map(String) }));
    const explained: ExplainedPlan | BrokenPlan = await this.rules.explain(
      question.state,
      steps,
      question.condition,
      signal,
    );
    if ('brokenAt' in explained) return null;
    let state: WorldState = question.state;
    for (const [i, { expects }] of explained.steps.entries()) {
      if (
        question.failures.some((f) => isRepeated(f, actions[i]!, state)) ||
        this.parts.denied?.includes(actions[i]!.skill) === true
      )
        return null;
      state = applyChange(state, expects);
    }
    return explained;
  }

  private async search(question: Question, signal: AbortSignal): Promise<SearchResult> {
    const { domain, problem, agents, tools, evaluated, turn, denied = [] } = this.parts;
    const others = question.owner === null ? [] : agents.filter((a) => a !== question.owner);
    const request: PlanRequest = {
      domain,
      problem,
      state: question.state,
      goal: question.condition,
      guards: guardsOf(tools),
      without: others,
      budget: { evaluated },
      ...(denied.length > 0 && { forbidden: denied }),
      ...(turn !== undefined && { turn }),
    };
    const without = async (failures: readonly Failure[]): Promise<SearchResult> =>
      this.parts.plan({ ...request, avoid: await this.rules.avoid(failures, signal) }, signal);
    const first = await without(question.failures);
    if (first.kind !== 'unsolvable') return first;
    // What slipped may go well next time; only what the world refused stays forbidden.
    const refused = question.failures.filter(
      (f) => f.permanent === true || f.code === 'not-applicable' || f.code === 'invalid-args',
    );
    const second = refused.length === question.failures.length ? first : await without(refused);
    // What others saw may have had a reason that is gone; one attempt does not make the goal unreachable for all later
    // ones.
    const { inherited = [] } = question;
    const own = refused.filter((f) => f.permanent === true || !inherited.some((i) => sameFailure(f, i)));
    return second.kind !== 'unsolvable' || own.length === refused.length ? second : without(own);
  }

  private async proposal(
    plan: ExplainedPlan,
    origin: (step: number) => string,
    macros: readonly string[],
  ): Promise<Proposal> {
    const { parameters } = await this.rules.words();
    const steps = plan.steps.map((s, i) => ({
      action: makeAction(s.action, parameters.get(s.action) ?? [], s.args),
      needs: [...s.needs],
      expects: { added: [...s.expects.added], removed: [...s.expects.removed], numbers: { ...s.expects.numbers } },
      origin: origin(i),
      taint: [...this.parts.taint],
    }));
    const applied = this.parts.tools.filter(
      (t) => t.body.kind === 'guard' && plan.steps.some((s) => s.action === t.body.action),
    );
    return { steps, tools: [...applied.map((t) => t.id), ...macros] };
  }
}

/** Whether the action failed before while the facts about its arguments were as they are in this state. */
function isRepeated(failure: Failure, action: Action, state: WorldState): boolean {
  const now = makeFailure(action, failure.code, state);
  return (
    now.action === failure.action &&
    (failure.permanent === true || now.facts.toSorted().join() === failure.facts.toSorted().join())
  );
}

function describe(result: Exclude<SearchResult, { kind: 'solved' }>, question: Question): string {
  const tried = question.failures.length > 0 ? `, with ${question.failures.length} failed actions ruled out` : '';
  switch (result.kind) {
    case 'unsolvable':
      return `proved that no plan reaches ${question.condition} from here${tried}: ${result.reason}`;
    case 'spent':
      return `found no plan for ${question.condition} within the budget of ${result.budget}${tried}; a larger one may`;
    case 'cancelled':
      return 'the search was cancelled';
  }
}
