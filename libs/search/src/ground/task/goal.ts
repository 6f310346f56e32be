import type { Formula } from '../../pddl/ast.js';
import { printFormula } from '../../pddl/print.js';
import type { CaseSplitter, Known } from '../normal/case-splitter.js';
import type { Evaluator } from '../reach/evaluator.js';
import { ConjunctionBuilder, type Conjunction } from '../ground-action.js';
import { simplify, type GroundFormula } from '../ground-formula.js';
import { normalForm, Scope } from '../normal/normal-form.js';

/** The goal as one conjunction, or why no state can satisfy it. */
export type GroundGoal = { readonly condition: Conjunction } | { readonly unreachable: string };

/** Grounds the goal; disjunctions become auxiliary facts. */
export function groundGoal(goal: Formula, evaluator: Evaluator, splitter: CaseSplitter, known: Known): GroundGoal {
  const hopeless = hopelessPart(goal, evaluator, known);
  if (hopeless !== null) return { unreachable: hopeless };
  const builder = new ConjunctionBuilder();
  for (const part of partsOf(goal)) builder.formula(simplify(groundPart(part, evaluator), known));
  const gathered = builder.finish();
  const condition = gathered === null ? null : splitter.merge(gathered, known);
  return condition === null
    ? { unreachable: 'the goal contradicts itself: it asks for a fact and for its negation' }
    : { condition };
}

/** Which part of the goal can never hold, and why; null where none is known. */
export function hopelessPart(goal: Formula, evaluator: Evaluator, known: Known): string | null {
  const part = partsOf(goal).find((one) => simplify(groundPart(one, evaluator), known) === false);
  return part === undefined ? null : reason(part, evaluator);
}

function groundPart(part: Formula, evaluator: Evaluator): GroundFormula {
  const scope = new Scope(evaluator.facts.universe);
  const lifted = normalForm(part, scope);
  return evaluator.formula(lifted, new Int32Array(scope.domains.length), scope.domains);
}

function partsOf(goal: Formula): readonly Formula[] {
  return goal.kind === 'and' ? goal.parts.flatMap(partsOf) : [goal];
}

function reason(part: Formula, { facts }: Evaluator): string {
  const text = printFormula(part);
  const atom = part.kind === 'not' ? part.part : part;
  if (atom.kind !== 'atom') return `the goal part ${text} can never hold, even ignoring deletes`;
  if (facts.isStatic(facts.universe.predicateIds.get(atom.predicate)!))
    return `the goal fact ${text} does not hold and no action changes it`;
  if (part.kind === 'not') return `the goal ${text} can never hold: ${printFormula(atom)} is true and stays true`;
  return `the goal fact ${text} can never be reached, even ignoring deletes`;
}
