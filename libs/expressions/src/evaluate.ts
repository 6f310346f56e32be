import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { PraxisError, nearestName, type Json } from '@praxis/core';
import { MOST_STEPS, measure, walk, type Meter } from './measured-tree.js';
import type { Scope } from './scope.js';

/** Characters of an expression. */
const MOST_TEXT = 4_000;

/** What reads the clock or takes time beyond any count: texts are searched by `contains`, `startsWith`, `endsWith`. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['matches', 'patterns are not available; use contains, startsWith or endsWith'],
  ['bind', 'cel.bind is not available; make a step of its own for it'],
]);

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const environment = makeEnvironment();

/** Numbers of JSON are doubles, and literals without a point are integers: both go together, as a double. */
function makeEnvironment(): Environment {
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 1_000, maxDepth: 64 },
  });
  for (const [op, act] of Object.entries(ARITHMETIC)) {
    const handler = (a: number | bigint, b: number | bigint): number => act(Number(a), Number(b));
    made.registerOperator(`int ${op} double: double`, handler);
    made.registerOperator(`double ${op} int: double`, handler);
  }
  made.registerOperator('double % double: double', (a: number, b: number) => a % b);
  return made;
}

/**
 * Evaluates an expression of CEL (the Common Expression Language) over values. Fails with `invalid`, and says at which
 * character and why.
 *
 * expressions.1 The same values give the same result; nothing but the values is in reach.
 * expressions.2 Every evaluation ends within a number of steps that does not depend on the machine.
 * expressions.3 Numbers of JSON go together with literals: `rows * 2 > 9.5`, `rows == 2`, `rows / 2` is 3.5 for 7.
 * expressions.4 A name of the values means its value, also where the language has a type of that name: `list`, `int`.
 *
 * @example evaluate('rows > 1 && name.startsWith("a")', { rows: 2, name: 'ann' }) // true
 */
export function evaluate(expression: string, scope: Scope): Json {
  const program = parse(expression);
  rename(program.ast, new Set(Object.keys(scope).map(nameInExpression)));
  const meter: Meter = { steps: 0, over: null };
  measure(program.ast, meter);
  let value: unknown;
  try {
    value = program(inScope(scope));
  } catch (error) {
    throw problem(expression, meter.over === null ? error : new Error(meter.over), scope);
  }
  if (meter.over !== null) throw problem(expression, new Error(meter.over), scope);
  return toJson(value, expression);
}

/** In expressions `-` is a minus, so that a name such as `plan-moves` is written `plan_moves`. */
export const nameInExpression = (name: string): string => name.replaceAll('-', '_');

const inScope = (scope: Scope): Record<string, Json> =>
  Object.fromEntries(Object.entries(scope).map(([name, value]) => [hidden(nameInExpression(name)), value]));

/** What no expression can write, and no name of the language is: a step may be called `list`. */
const hidden = (name: string): string => `$${name}`;

/** Has the names of the scope mean its values, whatever they mean in the language (expressions.4). */
function rename(tree: ASTNode, names: ReadonlySet<string>): void {
  walk(tree, (node, bound) => {
    if (node.op !== 'id' || bound.has(node.args) || !names.has(node.args)) return;
    (node as { args: string }).args = hidden(node.args);
  });
}

/** The names that an expression refers to; `invalid` where it cannot be parsed. */
export function namesInExpression(expression: string): readonly string[] {
  const names = new Set<string>();
  walk(parse(expression).ast, (node, bound) => {
    if (node.op === 'id' && !bound.has(node.args)) names.add(node.args);
  });
  return [...names];
}

/** What is wrong with an expression that cannot be parsed; null where nothing is. */
export function expressionProblem(expression: string): string | null {
  try {
    parse(expression);
    return null;
  } catch (error) {
    return PraxisError.from(error).message;
  }
}

type Program = ReturnType<Environment['parse']>;

function parse(expression: string): Program {
  if (expression.length > MOST_TEXT)
    throw new PraxisError(
      'invalid',
      `An expression has at most ${MOST_TEXT} characters, this one ${expression.length}.`,
    );
  try {
    const program = environment.parse(expression);
    walk(program.ast, refuse);
    return program;
  } catch (error) {
    throw problem(expression, error, null);
  }
}

class Refused extends Error {
  constructor(
    message: string,
    readonly range: { readonly start: number },
  ) {
    super(message);
  }
}

function refuse(node: ASTNode): void {
  if (node.op !== 'rcall') return;
  const reason = REFUSED.get(node.args[0]);
  if (reason !== undefined) throw new Refused(reason, node.range);
}

function problem(expression: string, error: unknown, scope: Scope | null): PraxisError {
  const { summary, message, range } = error as { summary?: string; message: string; range?: { start: number } };
  const said = (summary ?? message).split('\n', 1)[0]!;
  const at = range === undefined ? '' : ` at character ${range.start + 1}`;
  const verb = scope === null ? 'parsed' : 'evaluated';
  const hint = hintFor(said, expression, scope);
  return new PraxisError('invalid', `The expression ${expression} cannot be ${verb}${at}: ${said}${hint}.`, {
    cause: error,
  });
}

function hintFor(said: string, expression: string, scope: Scope | null): string {
  if (expression.includes('$') && said.includes('character: $'))
    return '; in an expression names are written without $, such as profile.rows > 0';
  if (said.startsWith('Reserved identifier')) return '; the language keeps this word for itself, so use another name';
  const unknown = /^Unknown variable: (.+)$/.exec(said)?.[1];
  if (unknown === undefined || scope === null) return '';
  const names = Object.keys(scope).map(nameInExpression);
  const near = nearestName(unknown, names);
  if (near !== null) return `; did you mean ${near}?`.replace(/\?$/, '');
  return names.length === 0 ? '' : `; there are ${names.slice(0, 12).join(', ')}`;
}

/** A result as plain data: what the language has besides JSON (moments, durations, unsigned numbers) as text or number. */
function toJson(value: unknown, expression: string): Json {
  switch (typeof value) {
    case 'bigint':
      return toNumber(value, expression);
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      return fromObject(value, expression);
  }
  throw new PraxisError('invalid', `The expression ${expression} gives ${String(value)}, which is no JSON.`);
}

function fromObject(value: object | null, expression: string): Json {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((inner) => toJson(inner, expression));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const isPlain =
    value instanceof Map || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  if (!isPlain)
    return typeof value.valueOf() === 'bigint'
      ? toJson(value.valueOf(), expression)
      : String(value as { toString(): string });
  return Object.fromEntries(entries.map(([key, inner]) => [String(key), toJson(inner, expression)]));
}

function toNumber(value: bigint, expression: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)) return Number(value);
  throw new PraxisError('invalid', `The expression ${expression} gives ${value}, which is too large for a number.`);
}

export { MOST_STEPS };
