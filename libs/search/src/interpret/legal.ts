import type { ActionSchema } from '../pddl/ast.js';
import { outcomeOf } from './effects.js';
import { holds } from './evaluate.js';
import type { GroundAction } from './ground-action.js';
import { solve } from './join.js';
import { distinctQuery } from './query.js';
import type { Query } from './query.js';
import type { Situation } from './situation.js';

/** Which of the applicable actions are wanted. */
export interface LegalFilter {
  /** Only actions of these names. */
  readonly actions?: readonly string[];
  /** Only actions that name none of these objects (other agents' bodies, say). */
  readonly without?: readonly string[];
}

/** Lists applicable actions by joining the facts that their preconditions name. */
export class LegalActions {
  readonly #queries: readonly { readonly action: ActionSchema; readonly query: Query }[];

  constructor(actions: readonly ActionSchema[]) {
    this.#queries = actions.map((action) => ({ action, query: distinctQuery(action.parameters, action.precondition) }));
  }

  /** All applicable actions, by the order of the domain and then by their arguments. */
  list(situation: Situation, filter: LegalFilter): GroundAction[] {
    const found: GroundAction[] = [];
    for (const { action, query } of this.#queries) {
      if (filter.actions !== undefined && !filter.actions.includes(action.name)) continue;
      for (const step of applicable(action, query, situation, new Set(filter.without))) found.push(step);
    }
    return found;
  }
}

function applicable(
  action: ActionSchema,
  query: Query,
  situation: Situation,
  without: ReadonlySet<string>,
): GroundAction[] {
  const found: GroundAction[] = [];
  solve(query, new Map(), situation, holds, (binding) => {
    const args = action.parameters.map(({ name }) => binding.get(name)!);
    const isWanted =
      !args.some((arg) => without.has(arg)) && outcomeOf(action.effect, binding, situation).kind === 'change';
    if (isWanted) found.push({ action: action.name, args });
    return 'more';
  });
  return found.sort((a, b) => compareRows(a.args, b.args));
}

function compareRows(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length; at += 1) {
    if (a[at]! < b[at]!) return -1;
    if (a[at]! > b[at]!) return 1;
  }
  return 0;
}
