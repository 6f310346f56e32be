import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';

const LIMITS = { maxAstNodes: 2_000, maxDepth: 60, maxListElements: 1_000, maxMapEntries: 200, maxCallArguments: 100 };

/** An expression with the values of its variables. */
export interface CalcRequest {
  readonly expression: string;
  readonly variables: { readonly [name: string]: Json };
}

/** One number in, one number out. */
const UNARY: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  sign: Math.sign,
  // Halves away from zero, as people round.
  round: (x) => roundTo(x, 0),
};
const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  pow: Math.pow,
  min: Math.min,
  max: Math.max,
  round: roundTo,
  log: (x, base) => Math.log(x) / Math.log(base),
  atan2: Math.atan2,
  hypot: Math.hypot,
};
const OVER_LISTS: Readonly<Record<string, (list: readonly number[]) => number>> = {
  count: (list) => list.length,
  sum: (list) => list.reduce((a, b) => a + b, 0),
  mean: (list) => list.reduce((a, b) => a + b, 0) / list.length,
  median: (list) => {
    const sorted = [...list].sort((a, b) => a - b);
    const half = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  },
  min: (list) => list.reduce((a, b) => Math.min(a, b), Infinity),
  max: (list) => list.reduce((a, b) => Math.max(a, b), -Infinity),
};

function roundTo(x: number, digits: number): number {
  if (!Number.isInteger(digits) || Math.abs(digits) > 15)
    throw new SkillError('invalid-args', 'round takes whole digits from -15 to 15');
  // By the decimal text, since 1.005 * 100 is 100.49999.
  const moved = Math.round(Number(`${Math.abs(x)}e${digits}`));
  const rounded = Number(`${moved}e${-digits}`);
  return Number.isNaN(rounded) ? x : x < 0 ? -rounded : rounded;
}

function numbersIn(list: unknown): readonly number[] {
  const values = [...(list as Iterable<unknown>)].map((value) => (typeof value === 'bigint' ? Number(value) : value));
  const bad = values.find((value) => typeof value !== 'number');
  if (bad !== undefined) throw new SkillError('invalid-args', `a list of numbers holds ${JSON.stringify(bad)}`);
  return values as readonly number[];
}

const environment = makeEnvironment();

function makeEnvironment(): Environment {
  const made = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS })
    .registerConstant('pi', 'double', Math.PI)
    .registerConstant('e', 'double', Math.E);
  for (const [name, work] of Object.entries(UNARY)) made.registerFunction(`${name}(double): double`, work);
  for (const [name, work] of Object.entries(BINARY)) made.registerFunction(`${name}(double, double): double`, work);
  for (const [name, work] of Object.entries(OVER_LISTS))
    made.registerFunction(`${name}(list): double`, (list: unknown) => work(numbersIn(list)));
  made.registerOperator('double % double', (x: number, y: number) => x % y);
  return made;
}

/**
 * Calculates an expression of CEL, with numbers as people mean them: all are doubles, so that `7 / 2` is 3.5.
 * Nothing but the variables and the functions here can be reached.
 */
export function evaluate(expression: string, variables: { readonly [name: string]: Json }): Json {
  const value = calculated(expression, variables);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new SkillError(
      'invalid-args',
      `${expression} is no finite number; a division by zero, or a value outside of a function's range`,
    );
  return value as Json;
}

function calculated(expression: string, variables: { readonly [name: string]: Json }): unknown {
  try {
    const program = environment.parse(expression);
    makeDoubles(program.ast);
    return plain(program(variables));
  } catch (cause) {
    if (cause instanceof SkillError) throw cause;
    const nested = (cause as Error).cause;
    if (nested instanceof SkillError) throw nested;
    const [message] = (cause as Error).message.split('\n');
    const hint = expression.includes('^') ? '; a power is pow(x, y)' : '';
    throw new SkillError('invalid-args', `${expression.slice(0, 200)}: ${message}${hint}`, { cause });
  }
}

/** Makes whole numbers of the text doubles before it is evaluated, except where they are places in a list. */
function makeDoubles(node: ASTNode): void {
  const open: { value: unknown; isPlace: boolean }[] = [{ value: node, isPlace: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value } = next;
    if (Array.isArray(value)) open.push(...value.map((part) => ({ value: part as unknown, isPlace: false })));
    else if (isNode(value) && value.op === 'value' && typeof value.args === 'bigint') {
      if (!next.isPlace) (value as { args: unknown }).args = Number(value.args);
    } else if (isNode(value) && (value.op === '[]' || value.op === '[?]')) {
      const [list, place] = value.args as [unknown, unknown];
      open.push({ value: list, isPlace: false }, { value: place, isPlace: true });
    } else if (isNode(value)) open.push({ value: value.args, isPlace: false });
  }
}

const isNode = (value: unknown): value is { readonly op: string; readonly args: unknown } =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** CEL's own types as JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]: [unknown, unknown]) => [String(key), plain(inner)]))
    : value;
}
