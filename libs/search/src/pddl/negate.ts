import type { Formula } from './ast.js';

/** The formula that is true where this one is false, with the negation moved inwards as far as it goes. */
export function negateFormula(formula: Formula): Formula {
  switch (formula.kind) {
    case 'not':
      return formula.part;
    case 'and':
      return { kind: 'or', parts: formula.parts.map(negateFormula) };
    case 'or':
      return { kind: 'and', parts: formula.parts.map(negateFormula) };
    case 'forall':
      return { ...formula, kind: 'exists', part: negateFormula(formula.part) };
    case 'exists':
      return { ...formula, kind: 'forall', part: negateFormula(formula.part) };
    default:
      return { kind: 'not', part: formula };
  }
}
