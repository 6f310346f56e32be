/** A variable with the types of which its objects may be; `object` holds every object. */
export interface TypedVariable {
  readonly name: string;
  readonly types: readonly string[];
}

/** An arithmetic expression; a unary minus is `-` with one part. A fluent is a number of a state, under its text. */
export type NumberExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'fluent'; readonly function: string; readonly args: readonly string[] }
  | { readonly kind: 'arithmetic'; readonly op: '+' | '-' | '*' | '/'; readonly parts: readonly NumberExpression[] };

/**
 * A condition as structure, for whoever reads no PDDL. Arguments are objects, in lower case, or variables (`?x`).
 * `imply` is `or (not …) …`; an empty `and` is true, an empty `or` is false.
 */
export type ParsedCondition =
  | { readonly kind: 'atom'; readonly predicate: string; readonly args: readonly string[] }
  | { readonly kind: 'equal'; readonly left: string; readonly right: string }
  | {
      readonly kind: 'compare';
      readonly op: '<' | '<=' | '=' | '>=' | '>';
      readonly left: NumberExpression;
      readonly right: NumberExpression;
    }
  | { readonly kind: 'not'; readonly part: ParsedCondition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ParsedCondition[] }
  | {
      readonly kind: 'forall' | 'exists';
      readonly variables: readonly TypedVariable[];
      readonly part: ParsedCondition;
    };
