import type { Expression, Formula, Term } from './ast.js';

/** Puts other terms in the place of free variables. What is put in must not be a variable that the formula binds. */
export function substitute(formula: Formula, mapping: ReadonlyMap<string, Term>): Formula {
  switch (formula.kind) {
    case 'atom':
      return { ...formula, args: substituteTerms(formula.args, mapping) };
    case 'equal':
      return {
        kind: 'equal',
        left: substituteTerm(formula.left, mapping),
        right: substituteTerm(formula.right, mapping),
      };
    case 'compare':
      return {
        ...formula,
        left: substituteNumbers(formula.left, mapping),
        right: substituteNumbers(formula.right, mapping),
      };
    case 'not':
      return { kind: 'not', part: substitute(formula.part, mapping) };
    case 'and':
    case 'or':
      return { kind: formula.kind, parts: formula.parts.map((part) => substitute(part, mapping)) };
    case 'forall':
    case 'exists': {
      const inner = new Map(mapping);
      for (const { name } of formula.variables) inner.delete(name);
      return { ...formula, part: substitute(formula.part, inner) };
    }
  }
}

function substituteNumbers(expression: Expression, mapping: ReadonlyMap<string, Term>): Expression {
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'fluent':
      return { ...expression, args: substituteTerms(expression.args, mapping) };
    case 'arithmetic':
      return { ...expression, parts: expression.parts.map((part) => substituteNumbers(part, mapping)) };
  }
}

function substituteTerms(terms: readonly Term[], mapping: ReadonlyMap<string, Term>): Term[] {
  return terms.map((term) => substituteTerm(term, mapping));
}

function substituteTerm(term: Term, mapping: ReadonlyMap<string, Term>): Term {
  return mapping.get(term) ?? term;
}
