import type {
  ActionSchema,
  DerivedRule,
  Domain,
  Effect,
  Expression,
  FluentTerm,
  Formula,
  Metric,
  Signature,
  TypedName,
} from './ast.js';

/** A name with its arguments: the text of a fact, a number's key or a ground action. */
export function printTerm(name: string, args: readonly string[]): string {
  return args.length === 0 ? `(${name})` : `(${name} ${args.join(' ')})`;
}

/** A formula on one line. */
export function printFormula(formula: Formula): string {
  switch (formula.kind) {
    case 'atom':
      return printTerm(formula.predicate, formula.args);
    case 'equal':
      return `(= ${formula.left} ${formula.right})`;
    case 'compare':
      return `(${formula.op} ${printExpression(formula.left)} ${printExpression(formula.right)})`;
    case 'not':
      return `(not ${printFormula(formula.part)})`;
    case 'and':
    case 'or':
      return printTerm(formula.kind, formula.parts.map(printFormula));
    case 'forall':
    case 'exists':
      return `(${formula.kind} (${printTyped(formula.variables)}) ${printFormula(formula.part)})`;
  }
}

/** An arithmetic expression on one line. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'fluent':
      return printFluent(expression);
    case 'arithmetic':
      return printTerm(expression.op, expression.parts.map(printExpression));
  }
}

/** `minimize (total-cost)` */
export function printMetric({ direction, value }: Metric): string {
  return `${direction} ${printExpression(value)}`;
}

function printFluent(term: FluentTerm): string {
  return printTerm(term.function, term.args);
}

/** An effect on one line. */
export function printEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'add':
      return printTerm(effect.predicate, effect.args);
    case 'delete':
      return `(not ${printTerm(effect.predicate, effect.args)})`;
    case 'and':
      return printTerm('and', effect.parts.map(printEffect));
    case 'forall':
      return `(forall (${printTyped(effect.variables)}) ${printEffect(effect.part)})`;
    case 'when':
      return `(when ${printFormula(effect.condition)} ${printEffect(effect.part)})`;
    case 'assign':
      return `(${effect.op} ${printFluent(effect.target)} ${printExpression(effect.value)})`;
  }
}

/** Names with their types: `?x - truck ?y - (either a b)`. */
export function printTyped(names: readonly TypedName[]): string {
  return names
    .map(({ name, types }) => `${name} - ${types.length === 1 ? types[0]! : `(either ${types.join(' ')})`}`)
    .join(' ');
}

const JSON_TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array']);

/** The types of a parameter for readers of JSON: a type named `number` still stands for objects, not for numbers. */
export function describeTypes(types: readonly string[]): string {
  const [only, ...others] = types;
  return others.length === 0 && JSON_TYPES.has(only!) ? `${only!} object` : types.join(' or ');
}

/** A declaration: `(at ?x - truck ?y - place)`. */
export function printSignature({ name, parameters }: Signature): string {
  return printTerm(name, parameters.length === 0 ? [] : [printTyped(parameters)]);
}

/** A domain as PDDL; reading it again gives an equal domain, positions apart. */
export function printDomain(domain: Domain): string {
  const types = [...domain.types].flatMap(([type, parents]) => parents.map((parent) => `${type} - ${parent}`));
  const sections = [
    section(':requirements', domain.requirements),
    section(':types', types),
    section(
      ':constants',
      domain.constants.map((constant) => printTyped([constant])),
    ),
    section(':predicates', domain.predicates.map(printSignature)),
    section(
      ':functions',
      domain.functions.map((declared) => `${printSignature(declared)} - number`),
    ),
    ...domain.derived.map(printRule),
    ...domain.actions.map(printAction),
  ];
  return `(define (domain ${domain.name})\n${sections.filter((text) => text !== '').join('')})\n`;
}

function section(keyword: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : `  (${keyword}\n${entries.map((entry) => `    ${entry}\n`).join('')}  )\n`;
}

function printRule(rule: DerivedRule): string {
  return `  (:derived ${printSignature(rule)}\n    ${printFormula(rule.condition)})\n`;
}

function printAction(action: ActionSchema): string {
  const lines = [
    `(:action ${action.name}`,
    `  :parameters (${printTyped(action.parameters)})`,
    `  :precondition ${printFormula(action.precondition)}`,
    `  :effect ${printEffect(action.effect)})`,
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}
