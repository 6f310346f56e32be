import {
  fold,
  mismatch,
  next,
  nextPlanVersion,
  parseSubgoalId,
  planningStream,
  stepEvents,
  subgoalStream,
  taintOf,
  toolsOf,
  rulesIn,
  type Divergence,
  type Json,
  type Mismatch,
  type PlanNode,
  type RecordedRun,
  type Run,
  type SkillManifest,
  type SubgoalId,
  type WorldCatalog,
  type WorldInfo,
  type WorldState,
} from '@praxis/core';
import { actionNames } from '@praxis/actions';
import { SearchPolicy } from '@praxis/executor';
import { planningHandlers, type Search } from '@praxis/planner';
import {
  proposalSchema,
  type AnsweredEffect,
  type Handlers,
  type HistoryReplayed,
  type Proposal,
} from '@praxis/strategy';

/** What searches are repeated with. */
export interface SearchAgain {
  readonly worlds: Pick<WorldCatalog, 'list'>;
  readonly search: Search;
  readonly signal: AbortSignal;
}

/**
 * Searches again for every plan and every proposal of a run, and compares; null where all are the same. What a model
 * proposed is taken as it is.
 */
export async function verifySearches(
  recorded: RecordedRun,
  replayed: HistoryReplayed,
  again: SearchAgain,
): Promise<Divergence | null> {
  for (const [version, { answers }] of replayed.plannings) {
    const found = await verifyPlanning(recorded, version, answers, again);
    if (found) return found;
  }
  for (const [subgoal, { answers }] of replayed.subgoals) {
    const found = await verifyProposals(recorded, subgoal, answers, again);
    if (found) return found;
  }
  return null;
}

async function verifyPlanning(
  recorded: RecordedRun,
  version: number,
  answers: readonly AnsweredEffect[],
  { worlds, search, signal }: SearchAgain,
): Promise<Divergence | null> {
  const { run, plannings } = recorded;
  const state = runBefore(recorded, (r) => nextPlanVersion(r) === version && next(r)[0]?.kind === 'plan');
  const opened = stepEvents.decode(plannings.get(version)![0]!);
  const command = state && next(state)[0];
  if (state === null || opened.type !== 'opened' || command?.kind !== 'plan') return null;
  const infos = await worlds.list();
  const skills = declaredIn(recorded, infos);
  const executor = {
    describe: async () => ({
      name: 'replay',
      lanes: [],
      worlds: infos,
      skills,
      strategies: [],
      busy: [],
      draining: false,
    }),
    drain: async () => [],
  };
  // A run's own journal is asked only where a run takes another one back, and such plans are not searched for.
  const parts = { search, executor } as unknown as Parameters<typeof planningHandlers>[1];
  const handlers = await planningHandlers(
    { run, state, reason: command.reason, keep: command.keep, deadline: null },
    parts,
    async (): Promise<WorldState> => opened.state,
  );
  for (const { effect, answer, position } of answers) {
    const found = await thinkAgain({ effect, answer }, handlers, signal);
    if (found) return { stream: planningStream(run, version), position, ...found };
  }
  return null;
}

/**
 * Skills in the run's plans that are no actions of its world: they were declared where it ran, and need not be here.
 * What the plans tell of them is what they were.
 */
function declaredIn({ events, state }: RecordedRun, worlds: readonly WorldInfo[]): readonly SkillManifest[] {
  const world = worlds.find((w) => w.name === state.goal.world);
  const actions = new Set([...(world?.skills ?? []).map((s) => s.name), ...actionNames(state.opened?.domain ?? '')]);
  const nodes = events.flatMap((e) => (e.type === 'planned' ? e.plan.nodes : []));
  const told = new Map<string, Partial<SkillManifest>>();
  for (const [name, parts] of nodes.flatMap(toldBy)) told.set(name, { ...told.get(name), ...parts });
  return [...told].flatMap(([name, parts]) =>
    actions.has(name)
      ? []
      : [{ name, summary: '', parameters: [], effect: 'unknown', keyed: false, source: 'recorded', ...parts }],
  );
}

/** What a subgoal of a plan tells of the skills that it calls. */
function toldBy({
  lane,
  steps,
  script = [],
  gives = [],
}: PlanNode): readonly (readonly [string, Partial<SkillManifest>])[] {
  return [
    ...steps.map(({ skill }) => [skill, {}] as const),
    ...script.map(({ id, do: skill }) => {
      const output = gives.find(({ name }) => name === id)?.schema;
      return [skill, { resources: lane === 'default' ? [] : [lane], ...(output && { output }) }] as const;
    }),
  ];
}

const MINDS: ReadonlySet<string> = new Set(['designer', 'drafter', 'evaluators']);

async function thinkAgain(
  { effect, answer }: Pick<AnsweredEffect, 'effect' | 'answer'>,
  handlers: Handlers,
  signal: AbortSignal,
): Promise<Mismatch | null> {
  // What a model said is taken as it is.
  if ('by' in effect && MINDS.has(effect.by)) return null;
  if (effect.kind === 'propose' && answer.type === 'proposed') {
    const { candidates, note } = await handlers.propose!(effect, signal);
    return mismatch('proposed', plain({ candidates, note }), { candidates: answer.candidates, note: answer.note });
  }
  if (effect.kind === 'verify' && answer.type === 'verified') {
    const { violations } = await handlers.verify!(effect, signal);
    return mismatch('verified.violations', violations, answer.violations);
  }
  return null;
}

async function verifyProposals(
  recorded: RecordedRun,
  subgoal: SubgoalId,
  answers: readonly AnsweredEffect[],
  { search, signal }: SearchAgain,
): Promise<Divergence | null> {
  const { node, attempt } = parseSubgoalId(subgoal)!;
  const state = runBefore(recorded, (r) => r.nodes.get(node)?.attempt === attempt);
  const opened = state?.opened;
  const rules = opened && rulesIn(opened);
  if (!rules) return null;
  const policy = new SearchPolicy({
    ...rules,
    agents: opened.agents,
    tools: toolsOf(state),
    taint: taintOf(state),
    evaluated: state.goal.budget.evaluated,
    plan: search,
  });
  for (const { effect, answer, position } of answers) {
    if (effect.kind !== 'propose' || effect.by !== 'search' || answer.type !== 'proposed') continue;
    const { candidates, note } = await policy.propose(effect.context, signal);
    const found = mismatch(
      'proposed',
      { candidates: candidates.map(read), note },
      { candidates: answer.candidates.map(read), note: answer.note },
    );
    if (found) return { stream: subgoalStream(subgoal), position, ...found };
  }
  return null;
}

/** The run at the first event after which something holds of it. */
function runBefore({ events }: RecordedRun, holds: (run: Run) => boolean): Run | null {
  for (let length = 1; length <= events.length; length++) {
    const state = fold(events.slice(0, length));
    if (state && holds(state)) return state;
  }
  return null;
}

/** A proposal of an older release says less. */
const read = (candidate: Json): Proposal => proposalSchema.parse(candidate);

/** As the journal would give it back. */
const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;
