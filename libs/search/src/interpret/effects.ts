import type { Fact } from '@praxis/core';
import type { Effect, TypedName } from '../pddl/ast.js';
import { evaluate, fluentKey, groundTerm, holds, numberAt } from './evaluate.js';
import type { Binding } from './join.js';
import type { Situation } from './situation.js';

/** What one step changes. */
export interface Change {
  readonly added: ReadonlySet<Fact>;
  readonly deleted: ReadonlySet<Fact>;
  readonly numbers: ReadonlyMap<string, number>;
  /** By how much each number was raised in all, where it was only increased and decreased. */
  readonly shifts: ReadonlyMap<string, number>;
}

/** The change, or why the effect has no meaning in this situation. */
export type Outcome =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'undefined'; readonly reason: string };

/**
 * What an effect does.
 *
 * effects.1 Conditions and values are read in the situation before the step.
 * effects.2 Several changes to one number are applied in the order of the text, each to the result of the one before.
 */
export function outcomeOf(effect: Effect, binding: Binding, situation: Situation): Outcome {
  const collector = new Collector(situation);
  const reason = collector.collect(effect, binding);
  return reason === null ? { kind: 'change', change: collector } : { kind: 'undefined', reason };
}

class Collector implements Change {
  readonly added = new Set<Fact>();
  readonly deleted = new Set<Fact>();
  readonly numbers = new Map<string, number>();
  readonly shifts = new Map<string, number>();
  readonly #assigned = new Set<string>();

  constructor(readonly situation: Situation) {}

  /** Null, or the reason why the effect has no meaning. */
  collect(effect: Effect, binding: Binding): string | null {
    this.situation.meter.tick();
    switch (effect.kind) {
      case 'add':
        this.added.add(groundTerm(effect.predicate, effect.args, binding));
        return null;
      case 'delete':
        this.deleted.add(groundTerm(effect.predicate, effect.args, binding));
        return null;
      case 'and':
        return firstReason(effect.parts, (part) => this.collect(part, binding));
      case 'when':
        return holds(effect.condition, binding, this.situation) ? this.collect(effect.part, binding) : null;
      case 'forall':
        return this.#forall(effect.variables, effect.part, binding);
      case 'assign':
        return this.#assign(effect, binding);
    }
  }

  #forall(variables: readonly TypedName[], part: Effect, binding: Binding): string | null {
    const [first, ...others] = variables;
    if (first === undefined) return this.collect(part, binding);
    const hidden = binding.get(first.name);
    const reason = firstReason(this.situation.objects.ofTypes(first.types), (value) =>
      this.#forall(others, part, binding.set(first.name, value)),
    );
    if (hidden === undefined) binding.delete(first.name);
    else binding.set(first.name, hidden);
    return reason;
  }

  #assign({ op, target, value }: Extract<Effect, { kind: 'assign' }>, binding: Binding): string | null {
    const key = fluentKey(target, binding);
    const operand = evaluate(value, binding, this.situation);
    if (operand === undefined)
      return `the new value of ${key} cannot be computed: it reads a number without value or divides by zero`;
    const before = this.numbers.get(key) ?? numberAt(key, this.situation);
    if (op === 'assign') return this.#set(key, operand);
    if (before === undefined) return `${key} has no value to ${op}`;
    if (op === 'increase' || op === 'decrease') return this.#shift(key, before, op === 'increase' ? operand : -operand);
    if (op === 'scale-up') return this.#set(key, before * operand);
    return operand === 0 ? `${key} would be divided by zero` : this.#set(key, before / operand);
  }

  #shift(key: string, before: number, by: number): string | null {
    if (!this.#assigned.has(key)) this.shifts.set(key, (this.shifts.get(key) ?? 0) + by);
    return this.#keep(key, before + by);
  }

  #set(key: string, value: number): string | null {
    this.#assigned.add(key);
    this.shifts.delete(key);
    return this.#keep(key, value);
  }

  #keep(key: string, value: number): string | null {
    if (!Number.isFinite(value)) return `the new value of ${key} is too large`;
    this.numbers.set(key, value);
    return null;
  }
}

function firstReason<T>(items: readonly T[], run: (item: T) => string | null): string | null {
  for (const item of items) {
    const reason = run(item);
    if (reason !== null) return reason;
  }
  return null;
}
