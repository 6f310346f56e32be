import type { NumberExpression, ParsedCondition } from '@praxis/core';
import * as env from '../gen/praxis/v1/environment.js';
import { comparatorCodec } from './enum-codecs.js';
import { invalidField, need } from './parse.js';

/** Deeper conditions stay text: readers of protobuf refuse messages that are nested more than 100 times. */
export const MOST_LEVELS = 40;

/** A condition as structure, for the wire; undefined where it is nested too deeply. */
export function toParsedCondition(condition: ParsedCondition): env.ParsedCondition | undefined {
  return levelsOf(condition) > MOST_LEVELS ? undefined : toCondition(condition);
}

function levelsOf(node: ParsedCondition | NumberExpression): number {
  const deepest = (nodes: readonly (ParsedCondition | NumberExpression)[]): number =>
    nodes.reduce((most, one) => Math.max(most, levelsOf(one)), 0);
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'arithmetic':
      return 1 + deepest(node.parts);
    case 'not':
    case 'forall':
    case 'exists':
      return 1 + levelsOf(node.part);
    case 'compare':
      return 1 + deepest([node.left, node.right]);
    default:
      return 1;
  }
}

function toCondition(condition: ParsedCondition): env.ParsedCondition {
  return { kind: toKind(condition) };
}

function toKind(condition: ParsedCondition): env.ParsedCondition['kind'] {
  switch (condition.kind) {
    case 'atom':
      return { $case: 'atom', value: { name: condition.predicate, args: condition.args } };
    case 'not':
      return { $case: 'negation', value: toCondition(condition.part) };
    case 'and':
      return { $case: 'conjunction', value: { parts: condition.parts.map(toCondition) } };
    case 'or':
      return { $case: 'disjunction', value: { parts: condition.parts.map(toCondition) } };
    case 'equal':
      return { $case: 'equality', value: { left: condition.left, right: condition.right } };
    case 'compare': {
      const { op, left, right } = condition;
      return {
        $case: 'comparison',
        value: { comparator: comparatorCodec.to(op), left: toNumber(left), right: toNumber(right) },
      };
    }
    case 'forall':
    case 'exists': {
      const { kind, variables, part } = condition;
      return { $case: kind, value: { variables, part: toCondition(part) } };
    }
  }
}

function toNumber(expression: NumberExpression): env.ParsedNumber {
  switch (expression.kind) {
    case 'number':
      return { kind: { $case: 'number', value: expression.value } };
    case 'fluent':
      return { kind: { $case: 'fluent', value: { name: expression.function, args: expression.args } } };
    case 'arithmetic': {
      const { op, parts } = expression;
      return { kind: { $case: 'arithmetic', value: { operator: op, parts: parts.map(toNumber) } } };
    }
  }
}

/** A condition as structure, from the wire. */
export function fromParsedCondition(message: env.ParsedCondition): ParsedCondition {
  const kind = need('check.parsed.kind', message.kind);
  const part = (inner: env.ParsedCondition | undefined): ParsedCondition =>
    fromParsedCondition(need('check.parsed.part', inner));
  switch (kind.$case) {
    case 'atom':
      return { kind: 'atom', predicate: kind.value.name, args: kind.value.args };
    case 'negation':
      return { kind: 'not', part: part(kind.value) };
    case 'conjunction':
      return { kind: 'and', parts: kind.value.parts.map(fromParsedCondition) };
    case 'disjunction':
      return { kind: 'or', parts: kind.value.parts.map(fromParsedCondition) };
    case 'equality':
      return { kind: 'equal', left: kind.value.left, right: kind.value.right };
    case 'comparison': {
      const { comparator, left, right } = kind.value;
      return {
        kind: 'compare',
        op: comparatorCodec.from('check.parsed.comparator', comparator),
        left: fromNumber(left),
        right: fromNumber(right),
      };
    }
    case 'forall':
    case 'exists':
      return { kind: kind.$case, variables: kind.value.variables, part: part(kind.value.part) };
  }
}

const OPERATORS = ['+', '-', '*', '/'] as const;

function fromNumber(message: env.ParsedNumber | undefined): NumberExpression {
  const kind = need('check.parsed.number', message?.kind);
  switch (kind.$case) {
    case 'number':
      return { kind: 'number', value: kind.value };
    case 'fluent':
      return { kind: 'fluent', function: kind.value.name, args: kind.value.args };
    case 'arithmetic': {
      const op = OPERATORS.find((one) => one === kind.value.operator);
      if (op === undefined) throw invalidField('check.parsed.operator', `is none of ${OPERATORS.join(' ')}`);
      return { kind: 'arithmetic', op, parts: kind.value.parts.map(fromNumber) };
    }
  }
}
