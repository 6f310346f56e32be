/**
 * A grounded planning task: what the heuristics and the search engines see.
 *
 * task.1 Every condition is a conjunction of facts that must be true: a negative literal stands as its own complement
 *        fact, which effects keep in step, so `pre`, `goal` and `when` hold fact numbers only.
 * task.2 Fact numbers are dense, 0 … facts.length-1; facts that never change (static) have been compiled away.
 * task.3 Deletes happen before adds: a fact both deleted and added by one step is true afterwards.
 * task.4 Several operators may carry the same name: a disjunctive precondition is split into one operator per case.
 * task.5 Derived facts are set only by axioms, evaluated layer by layer to a fixed point after each step; their
 *        complements, where used, are set by negation as failure once the layer is finished.
 */
export interface Task {
  /** Text of each fact, e.g. `(at truck1 depot)` or `(not (open door))`. */
  readonly facts: readonly string[];
  /** Text of each numeric variable, e.g. `(fuel truck1)`. */
  readonly variables: readonly string[];
  readonly init: readonly number[];
  readonly initNumbers: readonly number[];
  readonly goal: readonly number[];
  readonly goalNumeric: readonly NumericCondition[];
  readonly operators: readonly Operator[];
  /** Layers in the order in which they are evaluated; empty when the domain derives nothing. */
  readonly axioms: readonly AxiomLayer[];
  /** The problem's metric is not what the operators' costs add up to, so that no plan may be called the best. */
  readonly ignoresMetric?: true;
  /** Why no state can satisfy the goal, where grounding alone proves it; null otherwise. */
  readonly unreachable: string | null;
  /** Groups of facts of which at most one is true in any reachable state (from invariant synthesis; may be empty). */
  readonly mutexGroups: readonly (readonly number[])[];
}

/** One ground action, or one case of it. */
export interface Operator {
  /** `(move truck1 depot market)` */
  readonly name: string;
  readonly action: string;
  readonly args: readonly string[];
  /** By how much it raises the metric; 1 where there is none or the task ignores it. Never negative. */
  readonly cost: number;
  readonly pre: readonly number[];
  readonly preNumeric: readonly NumericCondition[];
  readonly add: readonly number[];
  readonly del: readonly number[];
  readonly conditional: readonly ConditionalEffect[];
  readonly numeric: readonly NumericEffect[];
}

/** Adds and deletes that happen only where `when` (and `whenNumeric`) held before the step. */
export interface ConditionalEffect {
  readonly when: readonly number[];
  readonly whenNumeric: readonly NumericCondition[];
  readonly add: readonly number[];
  readonly del: readonly number[];
  readonly numeric: readonly NumericEffect[];
}

/** `left op 0`, after moving everything to the left side. */
export interface NumericCondition {
  readonly op: '<' | '<=' | '=' | '>=' | '>';
  readonly left: NumericExpression;
}

/** Changes one variable; `value` is read in the state before the step. */
export interface NumericEffect {
  readonly variable: number;
  readonly op: 'assign' | 'increase' | 'decrease' | 'scale-up' | 'scale-down';
  readonly value: NumericExpression;
}

/** An expression over numeric variables by number. */
export type NumericExpression =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'variable'; readonly variable: number }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: NumericExpression;
      readonly right: NumericExpression;
    };

/** Rules whose heads may depend on each other positively; complements of the heads are settled after them. */
export interface AxiomLayer {
  readonly rules: readonly AxiomRule[];
  /** Pairs of a derived fact and the fact that stands for its negation. */
  readonly complements: readonly { readonly fact: number; readonly complement: number }[];
}

/** The head is true where the whole body is. */
export interface AxiomRule {
  readonly head: number;
  readonly body: readonly number[];
  readonly bodyNumeric: readonly NumericCondition[];
}
