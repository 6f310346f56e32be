import { PraxisError, type Json } from '@praxis/core';
import { Environment } from '@marcbachmann/cel-js';
import { TooSlow, withinTime } from '../within-time.js';

const MOST = { characters: 4096, ms: 500 } as const;

const numbers = (one: unknown, other: unknown): readonly [number, number] => [Number(one), Number(other)];

/** JSON does not tell 4 from 4.0, so that values are doubles; a whole number in an expression mixes with them. */
function makeEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 1000, maxDepth: 50 },
  });
  const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  for (const [operator, calculate] of Object.entries(operators))
    for (const [left, right] of ['int double', 'double int'].map((types) => types.split(' ')))
      environment.registerOperator(`${left} ${operator} ${right}: double`, (a: unknown, b: unknown) =>
        calculate(...numbers(a, b)),
      );
  environment.registerOperator('double % double: double', (a: unknown, b: unknown) => Number(a) % Number(b));
  environment.registerOperator('int == double: bool', (a: unknown, b: unknown) => Number(a) === Number(b));
  return environment;
}

const environment = makeEnvironment();

/** The value of an expression in CEL; throws where it cannot be read, names what is missing, or takes too long. */
export function evaluateExpression(text: string, variables: Readonly<Record<string, Json>>): Json {
  if (text.length > MOST.characters)
    throw new PraxisError('invalid', `the expression is longer than ${MOST.characters} characters`);
  try {
    return plain(withinTime(MOST.ms, () => environment.evaluate(text, { ...variables }) as unknown));
  } catch (thrown) {
    if (thrown instanceof TooSlow) throw new PraxisError('invalid', `the expression takes longer than ${MOST.ms} ms`);
    const [first = 'it cannot be evaluated'] = (thrown as Error).message.split('\n');
    throw new PraxisError('invalid', first.trim());
  }
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part)) ?? 'null');
}
