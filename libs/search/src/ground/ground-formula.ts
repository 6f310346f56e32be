import { oppositeComparisons } from './normal/lifted.js';
import type { NumericCondition } from './task/task.js';

/** An atom or its negation: twice the atom's number, plus one for the negation. */
export type GroundLiteral = number;

/** A condition over ground literals. */
export type GroundFormula =
  | boolean
  | { readonly kind: 'literal'; readonly literal: GroundLiteral }
  | { readonly kind: 'compare'; readonly condition: NumericCondition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly GroundFormula[] };

/** The literal of an atom. */
export function literalOf(atom: number, positive: boolean): GroundLiteral {
  return 2 * atom + (positive ? 0 : 1);
}

/** True where all parts are. */
export function allOf(parts: Iterable<GroundFormula>): GroundFormula {
  return junction('and', parts);
}

/** True where some part is. */
export function anyOf(parts: Iterable<GroundFormula>): GroundFormula {
  return junction('or', parts);
}

/** Says what is true where a comparison is not, or null for the opposite comparisons. */
export type Refusal = (condition: NumericCondition) => GroundFormula | null;

/** The formula that is true where this one is false: of the comparisons, the opposite ones. */
export function negation(formula: GroundFormula, refusal: Refusal = () => null): GroundFormula {
  if (typeof formula === 'boolean') return !formula;
  switch (formula.kind) {
    case 'literal':
      return { kind: 'literal', literal: formula.literal ^ 1 };
    case 'compare': {
      const { op, left } = formula.condition;
      const refused = refusal(formula.condition);
      return (
        refused ??
        anyOf(
          oppositeComparisons(op).map((opposite): GroundFormula => ({
            kind: 'compare',
            condition: { op: opposite, left },
          })),
        )
      );
    }
    default:
      return junction(
        formula.kind === 'and' ? 'or' : 'and',
        formula.parts.map((part) => negation(part, refusal)),
      );
  }
}

/** The formula where some literals are known: `known` gives their truth, or null. */
export function simplify(formula: GroundFormula, known: (literal: GroundLiteral) => boolean | null): GroundFormula {
  if (typeof formula === 'boolean' || formula.kind === 'compare') return formula;
  if (formula.kind === 'literal') return known(formula.literal) ?? formula;
  return junction(
    formula.kind,
    formula.parts.map((part) => simplify(part, known)),
  );
}

/** A text that equal formulas share. */
export function formulaKey(formula: GroundFormula): string {
  if (typeof formula === 'boolean') return String(formula);
  if (formula.kind === 'literal') return String(formula.literal);
  if (formula.kind === 'compare') return JSON.stringify(formula.condition);
  return `${formula.kind}(${formula.parts.map(formulaKey).sort().join(' ')})`;
}

function junction(kind: 'and' | 'or', parts: Iterable<GroundFormula>): GroundFormula {
  const flat: GroundFormula[] = [];
  const literals = new Set<GroundLiteral>();
  const neutral = kind === 'and';
  const take = (part: GroundFormula): boolean => {
    if (typeof part === 'boolean') return part === neutral;
    if (part.kind === kind) return part.parts.every(take);
    if (part.kind === 'literal') {
      if (literals.has(part.literal ^ 1)) return false;
      if (literals.has(part.literal)) return true;
      literals.add(part.literal);
    }
    flat.push(part);
    return true;
  };
  for (const part of parts) if (!take(part)) return !neutral;
  if (flat.length === 1) return flat[0]!;
  return flat.length === 0 ? neutral : { kind, parts: flat };
}
