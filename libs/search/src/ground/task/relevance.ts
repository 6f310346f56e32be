import type { Conjunction, GroundAction, GroundAxiom, GroundEffect } from '../ground-action.js';
import { appendTo } from '../reach/lists-by-key.js';
import { readVariables } from './numeric.js';

/** What can matter for the goal. */
export interface Relevance {
  readonly atoms: ReadonlySet<number>;
  readonly variables: ReadonlySet<number>;
}

/** Walks back from the goal over everything that may change what has been found to matter. */
export function findRelevant(
  goal: Conjunction,
  actions: readonly GroundAction[],
  axioms: readonly GroundAxiom[],
): Relevance {
  return new Walk(actions, axioms).from(goal);
}

/** The action without what does not matter; null where nothing is left. */
export function relevantPart(action: GroundAction, { atoms, variables }: Relevance): GroundAction | null {
  const matters = ({ add, del, numeric }: GroundEffect): boolean =>
    add.every((atom) => atoms.has(atom)) &&
    del.every((atom) => atoms.has(atom)) &&
    numeric.every(({ variable }) => variables.has(variable));
  if (action.effects.every(matters)) return action;
  const effects: GroundEffect[] = [];
  for (const [i, effect] of action.effects.entries()) {
    const add = effect.add.filter((atom) => atoms.has(atom));
    const del = effect.del.filter((atom) => atoms.has(atom));
    const numeric = effect.numeric.filter(({ variable }) => variables.has(variable));
    if (i === 0 || add.length + del.length + numeric.length > 0)
      effects.push({ condition: effect.condition, add, del, numeric });
  }
  const [first] = effects;
  if (effects.length === 1 && first!.add.length + first!.del.length + first!.numeric.length === 0) return null;
  return { ...action, effects };
}

interface Source {
  readonly action: number;
  readonly effect: number;
}

class Walk {
  readonly #actions: readonly GroundAction[];
  readonly #axioms: readonly GroundAxiom[];
  readonly #atoms = new Set<number>();
  readonly #variables = new Set<number>();
  readonly #atomQueue: number[] = [];
  readonly #variableQueue: number[] = [];
  readonly #usedActions: Uint8Array;
  readonly #changers = new Map<number, Source[]>();
  readonly #numericChangers = new Map<number, Source[]>();
  readonly #rules = new Map<number, GroundAxiom[]>();

  constructor(actions: readonly GroundAction[], axioms: readonly GroundAxiom[]) {
    this.#actions = actions;
    this.#axioms = axioms;
    this.#usedActions = new Uint8Array(actions.length);
    for (const [action, { effects }] of actions.entries()) {
      for (const [effect, { add, del, numeric }] of effects.entries()) {
        const source = { action, effect };
        for (const atom of add) appendTo(this.#changers, atom, source);
        for (const atom of del) appendTo(this.#changers, atom, source);
        for (const { variable } of numeric) appendTo(this.#numericChangers, variable, source);
      }
    }
    for (const axiom of this.#axioms) appendTo(this.#rules, axiom.head, axiom);
  }

  from(goal: Conjunction): Relevance {
    this.#need(goal);
    for (;;) {
      const atom = this.#atomQueue.pop();
      if (atom !== undefined) {
        for (const source of this.#changers.get(atom) ?? []) this.#use(source);
        for (const { condition } of this.#rules.get(atom) ?? []) this.#need(condition);
        continue;
      }
      const variable = this.#variableQueue.pop();
      if (variable === undefined) return { atoms: this.#atoms, variables: this.#variables };
      for (const source of this.#numericChangers.get(variable) ?? []) this.#change(variable, source);
    }
  }

  #use({ action, effect }: Source): void {
    if (this.#usedActions[action] === 0) {
      this.#usedActions[action] = 1;
      this.#need(this.#actions[action]!.condition);
    }
    this.#need(this.#actions[action]!.effects[effect]!.condition);
  }

  #change(variable: number, source: Source): void {
    this.#use(source);
    const read = new Set<number>();
    for (const change of this.#actions[source.action]!.effects[source.effect]!.numeric) {
      if (change.variable === variable) readVariables(change.value, read);
    }
    for (const one of read) this.#needVariable(one);
  }

  #need({ literals, numeric }: Conjunction): void {
    for (const literal of literals) {
      const atom = literal >> 1;
      if (this.#atoms.has(atom)) continue;
      this.#atoms.add(atom);
      this.#atomQueue.push(atom);
    }
    if (numeric.length === 0) return;
    const read = new Set<number>();
    for (const { left } of numeric) readVariables(left, read);
    for (const variable of read) this.#needVariable(variable);
  }

  #needVariable(variable: number): void {
    if (this.#variables.has(variable)) return;
    this.#variables.add(variable);
    this.#variableQueue.push(variable);
  }
}
