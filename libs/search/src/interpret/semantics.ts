import { PraxisError } from '@praxis/core';
import type { Fact } from '@praxis/core';
import type { ActionSchema, Domain, Formula, Problem } from '../pddl/ast.js';
import { layerRules } from '../pddl/types/layers.js';
import { suggestion } from '../pddl/types/nearest.js';
import { printTerm, printTyped } from '../pddl/print.js';
import { prepareLayer, settle } from './derive.js';
import type { Derivation } from './derive.js';
import { outcomeOf } from './effects.js';
import type { Change } from './effects.js';
import { holds, violation } from './evaluate.js';
import type { GroundAction } from './ground-action.js';
import type { Binding } from './join.js';
import { ObjectTable } from './object-table.js';
import { priceOf } from './price.js';
import { Situation } from './situation.js';
import { UNLIMITED, type StepMeter } from './step-meter.js';

/** What doing an action would change, or which ground condition forbids it. */
export type Attempt =
  | { readonly ok: true; readonly change: Change }
  | { readonly ok: false; readonly violated: string };

/**
 * What a domain and a problem mean, without grounding anything.
 *
 * semantics.1 Deletes come before adds: a fact both deleted and added by one step is true afterwards.
 * semantics.2 Derived facts are never part of `base`; whoever lists them there is ignored.
 * semantics.3 An action whose numeric effects cannot be computed is not applicable.
 */
export class Semantics {
  readonly objects: ObjectTable;
  readonly #actions: ReadonlyMap<string, ActionSchema>;
  readonly #derived: ReadonlySet<string>;
  readonly #layers: readonly (readonly Derivation[])[];

  constructor(
    readonly domain: Domain,
    readonly problem: Problem,
    /** Counts the steps of every evaluation. */
    readonly meter: StepMeter = UNLIMITED,
  ) {
    this.objects = new ObjectTable(domain, problem);
    this.#actions = new Map(domain.actions.map((action) => [action.name, action]));
    this.#derived = new Set(domain.derived.map(({ name }) => name));
    this.#layers = layersOf(domain);
  }

  /** The situation in which the problem begins. */
  start(): Situation {
    return this.situation(
      this.problem.init.atoms.map(({ predicate, args }) => printTerm(predicate, args)),
      this.problem.init.numbers,
    );
  }

  /** A situation with what follows from its facts. */
  situation(facts: Iterable<Fact>, numbers: ReadonlyMap<string, number>): Situation {
    const base = new Set(facts);
    this.meter.tick(base.size >> 3);
    if (this.#derived.size > 0) for (const fact of base) if (this.#isDerived(fact)) base.delete(fact);
    return this.#settled(base, numbers);
  }

  /** What a ground action would do here; names are read in any case. */
  attempt(step: GroundAction, situation: Situation): Attempt {
    const name = step.action.toLowerCase();
    const action = this.#actions.get(name);
    if (action === undefined)
      return { ok: false, violated: `there is no action \`${name}\`${suggestion(name, this.#actions.keys())}` };
    const args = step.args.map((arg) => arg.toLowerCase());
    const validationError = this.#validationError(action, args);
    if (validationError !== null) return { ok: false, violated: validationError };
    const binding: Binding = new Map(action.parameters.map(({ name }, index) => [name, args[index]!]));
    if (!holds(action.precondition, binding, situation))
      return { ok: false, violated: violation(action.precondition, binding, situation) };
    const outcome = outcomeOf(action.effect, binding, situation);
    return outcome.kind === 'change' ? { ok: true, change: outcome.change } : { ok: false, violated: outcome.reason };
  }

  /** The situation after a change. */
  after(situation: Situation, change: Change): Situation {
    const facts = new Set(situation.base);
    this.meter.tick(facts.size >> 3);
    for (const fact of change.deleted) facts.delete(fact);
    for (const fact of change.added) facts.add(fact);
    return this.#settled(
      facts,
      change.numbers.size === 0 ? situation.numbers : new Map([...situation.numbers, ...change.numbers]),
    );
  }

  /** Whether a formula is true under a binding of its free variables. */
  isTrue(formula: Formula, binding: Binding, situation: Situation): boolean {
    return holds(formula, binding, situation);
  }

  /** Null where a formula without free variables is true, else the smallest ground part of it that is false. */
  violated(formula: Formula, situation: Situation): string | null {
    return holds(formula, new Map(), situation) ? null : violation(formula, new Map(), situation);
  }

  /** What a change costs by the problem's metric. */
  price(situation: Situation, change: Change): number {
    return priceOf(this.problem.metric, situation, change);
  }

  #settled(base: ReadonlySet<Fact>, numbers: ReadonlyMap<string, number>): Situation {
    const situation = new Situation(this.objects, base, numbers, this.meter);
    settle(situation, this.#layers);
    return situation;
  }

  #isDerived(fact: Fact): boolean {
    const end = fact.indexOf(' ');
    return this.#derived.has(fact.slice(1, end === -1 ? -1 : end));
  }

  #validationError({ name, parameters }: ActionSchema, args: readonly string[]): string | null {
    if (args.length !== parameters.length)
      return `\`${name}\` takes ${parameters.length} arguments (${printTyped(parameters)}), found ${args.length}`;
    for (const [index, { types }] of parameters.entries()) {
      const arg = args[index]!;
      if (!this.objects.has(arg)) return `there is no object \`${arg}\`${suggestion(arg, this.objects.names())}`;
      if (!this.objects.isOf(arg, types))
        return `\`${arg}\` is of type ${this.objects.typesOf(arg).join(' or ')}, but argument ${index + 1} of \`${name}\` must be of type ${types.join(' or ')}`;
    }
    return null;
  }
}

function layersOf(domain: Domain): Derivation[][] {
  const layering = layerRules(domain.derived);
  if (layering.kind === 'layers') return layering.layers.map(prepareLayer);
  throw new PraxisError(
    'invalid',
    `The predicate \`${layering.rule.name}\` of the domain \`${domain.name}\` depends on its own negation; rules must be free of such circles.`,
  );
}
