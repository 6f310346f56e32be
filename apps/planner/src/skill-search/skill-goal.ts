import { PraxisError, type Condition, type ParsedCondition } from '@praxis/core';
import { parseStructure } from '@praxis/search';
import { literalText, type SkillLiteral } from './skill-literal.js';

/** A condition over facts: what is left of a goal when its checks, which are verified at the end, are taken out. */
export type FactCondition =
  | { readonly kind: 'literal'; readonly literal: SkillLiteral }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FactCondition[] };

/** What search over skills has to reach; null where the goal says nothing about facts; a text says what it cannot. */
export function readSkillGoal(condition: Condition): FactCondition | string | null {
  if (condition.trim() === '') return null;
  try {
    const goal = withoutChecks(normal(parseStructure(condition), false));
    return atomsOf(goal).length === 0 ? null : goal;
  } catch (error) {
    return PraxisError.from(error).message;
  }
}

/** The literals of a condition, in the order in which they stand. */
export function atomsOf(condition: FactCondition): readonly SkillLiteral[] {
  return condition.kind === 'literal' ? [condition.literal] : condition.parts.flatMap(atomsOf);
}

/** The literals that every way of reaching a condition makes true. */
export function mustOf(condition: FactCondition): readonly SkillLiteral[] {
  if (condition.kind === 'literal') return [condition.literal];
  return condition.kind === 'and' || condition.parts.length === 1 ? condition.parts.flatMap(mustOf) : [];
}

/** Whether a condition holds, where `holds` judges its literals. */
export function conditionHolds(condition: FactCondition, holds: (literal: SkillLiteral) => boolean): boolean {
  if (condition.kind === 'literal') return holds(condition.literal);
  const test = (part: FactCondition): boolean => conditionHolds(part, holds);
  return condition.kind === 'and' ? condition.parts.every(test) : condition.parts.some(test);
}

/** The text of a condition, its literals as `show` has them. */
export function conditionText(condition: FactCondition, show: (literal: SkillLiteral) => string = plain): string {
  if (condition.kind === 'literal') return show(condition.literal);
  return `(${[condition.kind, ...condition.parts.map((p) => conditionText(p, show))].join(' ')})`;
}

const plain = (literal: SkillLiteral): string => literalText(literal, (arg) => arg);

/** Negations pushed down to the literals. */
function normal(condition: ParsedCondition, isNegated: boolean): FactCondition {
  switch (condition.kind) {
    case 'atom': {
      const [predicate, ...args] = [condition.predicate, ...condition.args].map((n) => n.toLowerCase());
      return { kind: 'literal', literal: { predicate: predicate!, args, isNegated } };
    }
    case 'not':
      return normal(condition.part, !isNegated);
    case 'and':
    case 'or': {
      const kind = (condition.kind === 'and') === isNegated ? 'or' : 'and';
      return { kind, parts: condition.parts.map((p) => normal(p, isNegated)) };
    }
    default:
      throw new PraxisError(
        'invalid',
        `search over skills reads literals with and, or and not, and no ${condition.kind}`,
      );
  }
}

const isCheck = (c: FactCondition): boolean => c.kind === 'literal' && c.literal.predicate === 'check';

/** Checks that stand beside facts are verified when the facts are there. */
function withoutChecks(condition: FactCondition): FactCondition {
  if (isCheck(condition)) return { kind: 'and', parts: [] };
  if (condition.kind === 'and') return { kind: 'and', parts: condition.parts.map(withoutChecks) };
  if (condition.kind === 'or' && condition.parts.some((p) => atomsOf(p).some((l) => l.predicate === 'check')))
    throw new PraxisError('invalid', 'search over skills cannot choose between a check and something else (or)');
  return condition;
}
