import type { AtomTable } from '../reach/atom-table.js';
import type { Complements, Falsification } from '../normal/complements.js';
import {
  NO_CONDITION,
  type Conjunction,
  type GroundAction,
  type GroundAxiom,
  type GroundEffect,
} from '../ground-action.js';
import { literalOf, type GroundLiteral } from '../ground-formula.js';
import { renumber } from './numeric.js';
import type { AxiomLayer, ConditionalEffect, NumericCondition, NumericEffect, Operator } from './task.js';

const NONE: readonly never[] = [];

/** Writes ground actions and axioms with the task's fact and variable numbers. */
export class TaskWriter {
  /** The literal which each fact stands for. */
  readonly literals: readonly GroundLiteral[];
  readonly #facts: ReadonlyMap<GroundLiteral, number>;
  readonly #variables: ReadonlyMap<number, number>;
  readonly #complements: Complements;

  constructor(complements: Complements, variables: ReadonlyMap<number, number>) {
    this.literals = [...complements.literals].sort((a, b) => a - b);
    this.#facts = new Map(this.literals.map((literal, fact) => [literal, fact]));
    this.#variables = variables;
    this.#complements = complements;
  }

  facts(literals: readonly GroundLiteral[]): readonly number[] {
    return literals.length === 0 ? NONE : literals.map((literal) => this.#facts.get(literal)!);
  }

  conditions(numeric: readonly NumericCondition[]): readonly NumericCondition[] {
    return numeric.length === 0 ? NONE : numeric.map(({ op, left }) => ({ op, left: renumber(left, this.#variables) }));
  }

  operator(action: GroundAction): Operator {
    const [first, ...others] = action.effects;
    const changes = this.#changes(action, first!);
    const conditional = others.length === 0 ? NONE : others.map((effect) => this.#conditional(action, effect));
    const falsifications = this.#complements.falsifications.get(action);
    return {
      name: action.name,
      action: action.action,
      args: action.args,
      cost: action.cost,
      pre: this.facts(action.condition.literals),
      preNumeric: this.conditions(action.condition.numeric),
      ...changes,
      // An action's own condition may make a falsification certain.
      add:
        falsifications === undefined
          ? changes.add
          : [...changes.add, ...this.#falsified(falsifications.filter(isCertain))],
      conditional: falsifications === undefined ? conditional : [...conditional, ...this.#falsifying(falsifications)],
    };
  }

  layer(rules: readonly GroundAxiom[]): AxiomLayer {
    const heads = new Set(rules.map((rule) => rule.head));
    const complements = [...heads].flatMap((head) => {
      const complement = this.#facts.get(literalOf(head, false));
      return complement === undefined ? [] : [{ fact: this.#facts.get(literalOf(head, true))!, complement }];
    });
    return {
      rules: rules.map(({ head, condition }) => ({
        head: this.#facts.get(literalOf(head, true))!,
        body: this.facts(condition.literals),
        bodyNumeric: this.conditions(condition.numeric),
      })),
      complements,
    };
  }

  initial(atoms: AtomTable): readonly number[] {
    return [...this.literals.keys()].filter((fact) => {
      const atom = this.literals[fact]! >> 1;
      return !atoms.isDerived(atom) && atoms.isInitial(atom) === (this.literals[fact]! % 2 === 0);
    });
  }

  #conditional(action: GroundAction, effect: GroundEffect): ConditionalEffect {
    return { ...this.#when(effect.condition), ...this.#changes(action, effect) };
  }

  #changes(
    action: GroundAction,
    { add, del, numeric }: GroundEffect,
  ): { add: readonly number[]; del: readonly number[]; numeric: readonly NumericEffect[] } {
    const becomesTrue: number[] = [];
    const becomesFalse: number[] = [];
    for (const atom of add) {
      this.#push(becomesTrue, literalOf(atom, true));
      this.#push(becomesFalse, literalOf(atom, false));
    }
    for (const atom of del) {
      this.#push(becomesFalse, literalOf(atom, true));
      if (!this.#complements.isContested(action, atom)) this.#push(becomesTrue, literalOf(atom, false));
    }
    return {
      add: becomesTrue,
      del: becomesFalse,
      numeric: numeric.length === 0 ? NONE : numeric.map((change) => this.#numeric(change)),
    };
  }

  #numeric({ variable, op, value }: NumericEffect): NumericEffect {
    return { variable: this.#variables.get(variable)!, op, value: renumber(value, this.#variables) };
  }

  #falsified(list: readonly Falsification[]): readonly number[] {
    return list.map(({ atom }) => this.#facts.get(literalOf(atom, false))!);
  }

  #falsifying(list: readonly Falsification[]): readonly ConditionalEffect[] {
    return list
      .filter((one) => !isCertain(one))
      .map((one) => ({ ...this.#when(one.condition), add: this.#falsified([one]), del: NONE, numeric: NONE }));
  }

  #when(condition: Conjunction): { when: readonly number[]; whenNumeric: readonly NumericCondition[] } {
    return { when: this.facts(condition.literals), whenNumeric: this.conditions(condition.numeric) };
  }

  #push(into: number[], literal: GroundLiteral): void {
    const fact = this.#facts.get(literal);
    if (fact !== undefined) into.push(fact);
  }
}

function isCertain({ condition }: Falsification): boolean {
  return condition === NO_CONDITION;
}
