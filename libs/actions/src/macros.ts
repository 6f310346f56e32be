import {
  applyChange,
  literalHolds,
  makeAction,
  negate,
  type Action,
  type Literal,
  type SkillManifest,
  type Tool,
  type WorldState,
} from '@praxis/core';

/** What a macro of the archive wants done before an action. */
export interface Preparation {
  readonly first: readonly Action[];
  readonly tool: Tool;
  /** The literal that is false now, and that `first` is for. */
  readonly brings: Literal;
}

/**
 * The first tool that wants something done before an action is done in a state; null where none does. Tools whose
 * macro does not fit the action are passed over. The skills name the arguments; without them they are numbered.
 */
export function macroFor(
  action: Action,
  tools: readonly Tool[],
  state: WorldState,
  skills: readonly SkillManifest[] = [],
): Preparation | null {
  const values = Object.values(action.args);
  for (const tool of tools) {
    const { body } = tool;
    if (body.kind !== 'macro' || body.action !== action.skill || body.parameters.length !== values.length) continue;
    const bound = new Map(body.parameters.map((name, i) => [name, String(values[i])]));
    const brings = body.unless.replace(/\?[^\s()]+/g, (name) => bound.get(name) ?? name);
    const first = body.first.map((step) =>
      nameArguments(
        step.action,
        step.args.map((arg) => bound.get(arg) ?? arg),
        skills,
      ),
    );
    const isGround = ![brings, ...first.flatMap((a) => Object.values(a.args).map(String))].some((text) =>
      text.includes('?'),
    );
    if (isGround && !literalHolds(brings, state)) return { first, tool, brings };
  }
  return null;
}

/**
 * A plan with what the archive's macros want done before its actions, as far as can be told from the state it starts
 * in.
 */
export interface MendedPlan {
  readonly actions: readonly Action[];
  /** Ids of the tools that added something. */
  readonly used: readonly string[];
}

/**
 * Adds the archive's macros to a plan. What a macro brings about is taken to stay so for the rest of the plan, so
 * whether the mended plan really runs is for the caller to check.
 */
export function withMacros(
  plan: readonly Action[],
  tools: readonly Tool[],
  start: WorldState,
  skills: readonly SkillManifest[] = [],
): MendedPlan {
  const actions: Action[] = [];
  const used = new Set<string>();
  let state = start;
  for (const action of plan) {
    // Each tool has its say once per action: two that contradict each other must not go on for ever.
    const silent = new Set<Tool>();
    const next = (): Preparation | null =>
      macroFor(
        action,
        tools.filter((t) => !silent.has(t)),
        state,
        skills,
      );
    for (let wanted = next(); wanted !== null; wanted = next()) {
      actions.push(...wanted.first);
      used.add(wanted.tool.id);
      silent.add(wanted.tool);
      state = makeTrue(state, wanted.brings);
    }
    actions.push(action);
  }
  return { actions, used: [...used] };
}

function nameArguments(skill: string, args: readonly string[], skills: readonly SkillManifest[]): Action {
  const parameters = skills.find(({ name }) => name === skill)?.parameters.map(({ name }) => name);
  return makeAction(
    skill,
    parameters?.length === args.length ? parameters : args.map((_, i) => `argument${i + 1}`),
    args,
  );
}

function makeTrue(state: WorldState, literal: Literal): WorldState {
  const isNegative = literal.startsWith('(not ');
  return applyChange(state, {
    added: isNegative ? [] : [literal],
    removed: isNegative ? [negate(literal)] : [],
    numbers: {},
  });
}
