import type { AtomTable } from '../reach/atom-table.js';
import type { CaseSplitter } from '../normal/case-splitter.js';
import { Complements } from '../normal/complements.js';
import type { Conjunction, GroundAction, GroundAxiom } from '../ground-action.js';
import { literalOf, type GroundLiteral } from '../ground-formula.js';
import { layerAxioms } from '../reach/layers.js';
import { appendTo } from '../reach/lists-by-key.js';
import { findMutexGroups } from '../mutex/mutex-groups.js';
import type { NumberBase } from '../reach/number-base.js';
import { findRelevant, relevantPart, type Relevance } from './relevance.js';
import { TaskWriter } from './task-writer.js';
import type { Task } from './task.js';

/** Everything a task is made of, before it is numbered. */
export interface TaskParts {
  readonly goal: Conjunction;
  readonly actions: readonly GroundAction[];
  readonly axioms: readonly GroundAxiom[];
  readonly atoms: AtomTable;
  readonly splitter: CaseSplitter;
  readonly numbers: NumberBase;
  /** Which literals may change, where all of them are to be kept; null where only what matters for the goal is. */
  readonly changing: ((literal: GroundLiteral) => boolean) | null;
  /** So much more work was done; throws where it has to end. */
  readonly tick: (units: number) => void;
}

/** Numbers and writes the task. */
export function assembleTask(parts: TaskParts): Task {
  const { goal, atoms, splitter, numbers } = parts;
  const relevance = parts.changing === null ? findRelevant(goal, parts.actions, parts.axioms) : everything(parts);
  const actions = parts.actions.map((action) => relevantPart(action, relevance)).filter((action) => action !== null);
  const axioms = parts.axioms.filter((axiom) => relevance.atoms.has(axiom.head));
  const complements = new Complements(splitter, actions);
  complements.need(goal);
  for (const action of actions) {
    parts.tick(1);
    complements.need(action.condition);
    for (const effect of action.effects) complements.need(effect.condition);
  }
  for (const { head, condition } of axioms) {
    complements.needLiteral(literalOf(head, true));
    complements.need(condition);
  }
  if (parts.changing !== null) for (const atom of relevance.atoms) complements.needLiteral(literalOf(atom, true));
  complements.close((axiom) => axioms.push(axiom));
  const variables = [...relevance.variables].sort((a, b) => a - b);
  const writer = new TaskWriter(complements, new Map(variables.map((variable, i) => [variable, i])));
  const layers = layerAxioms(axioms, (literal) => atoms.text(literal));
  const task = {
    facts: writer.literals.map((literal) => atoms.text(literal)),
    variables: variables.map((variable) => numbers.texts[variable]!),
    init: writer.initial(atoms),
    initNumbers: variables.map((variable) => numbers.initial[variable]!),
    goal: writer.facts(goal.literals),
    goalNumeric: writer.conditions(goal.numeric),
    operators: actions.map((action) => (parts.tick(1), writer.operator(action))),
    axioms: layers.map((rules) => writer.layer(rules)),
    unreachable: null,
  };
  return withMutexGroups(task, findMutexGroups(task.operators, task.init, writer.literals, atoms, parts.tick));
}

/** Leaves out operators that need two facts which are never true together. */
function withMutexGroups(task: Omit<Task, 'mutexGroups'>, mutexGroups: readonly (readonly number[])[]): Task {
  const groupsOf = new Map<number, number[]>();
  for (const [i, group] of mutexGroups.entries()) for (const fact of group) appendTo(groupsOf, fact, i);
  const [one, other] = clash(task.goal, groupsOf) ?? [];
  if (one !== undefined && other !== undefined) {
    return unreachableTask(`the goal facts ${task.facts[one]!} and ${task.facts[other]!} can never be true together`);
  }
  return {
    ...task,
    operators: task.operators.filter((operator) => clash(operator.pre, groupsOf) === null),
    mutexGroups,
  };
}

/** Two of these facts that are in one group, or null. */
function clash(
  facts: readonly number[],
  groupsOf: ReadonlyMap<number, readonly number[]>,
): readonly [number, number] | null {
  const seen = new Map<number, number>();
  for (const fact of facts) {
    for (const group of groupsOf.get(fact) ?? []) {
      const other = seen.get(group);
      if (other !== undefined) return [other, fact];
      seen.set(group, fact);
    }
  }
  return null;
}

/** A task whose goal never holds. */
export function unreachableTask(reason: string): Task {
  return {
    facts: ['(never)'],
    variables: [],
    init: [],
    initNumbers: [],
    goal: [0],
    goalNumeric: [],
    operators: [],
    axioms: [],
    unreachable: reason,
    mutexGroups: [],
  };
}

function everything({ atoms, numbers, changing }: TaskParts): Relevance {
  const kept = new Set<number>();
  for (let atom = 0; atom < atoms.count; atom++) if (changing!(literalOf(atom, true))) kept.add(atom);
  return { atoms: kept, variables: new Set(numbers.texts.keys()) };
}
