/** A positive fact by its predicate and objects. */
export interface FactShape {
  readonly predicate: number;
  readonly args: readonly number[];
}

/** One predicate of a template: where the fixed objects stand, and which argument is counted over (-1: none). */
export interface TemplatePart {
  readonly predicate: number;
  readonly fixed: readonly number[];
  readonly counted: number;
}

/**
 * A candidate for groups of facts of which at most one is true: for each choice of the fixed objects, the facts of its
 * parts with these objects at the fixed places and any object at the counted one. Each predicate has one part at most.
 */
export interface MutexTemplate {
  readonly parts: readonly TemplatePart[];
}

/** A text that equal templates share. */
export function templateKey({ parts }: MutexTemplate): string {
  return parts
    .map((part) => `${part.predicate}:${part.fixed.join(',')}:${part.counted}`)
    .sort()
    .join(' ');
}

/** The templates with this predicate alone, counting each argument in turn, then none. */
export function templatesOf(predicate: number, arity: number): readonly MutexTemplate[] {
  const places = Array.from({ length: arity }, (_, i) => i);
  return [...places, -1].map((counted) => ({
    parts: [{ predicate, fixed: places.filter((place) => place !== counted), counted }],
  }));
}

/** The fixed objects of the group that a fact belongs to, or null where it belongs to none. */
export function groupOf({ parts }: MutexTemplate, { predicate, args }: FactShape): readonly number[] | null {
  const part = parts.find((one) => one.predicate === predicate);
  return part === undefined ? null : part.fixed.map((place) => args[place]!);
}

/** The templates that also count this fact in the group of these fixed objects. */
export function extensions(
  template: MutexTemplate,
  fixed: readonly number[],
  { predicate, args }: FactShape,
): readonly MutexTemplate[] {
  if (args.length - fixed.length > 1 || template.parts.some((part) => part.predicate === predicate)) return [];
  return placements(fixed, args, []).map((places) => {
    const counted = args.findIndex((_, place) => !places.includes(place));
    return { parts: [...template.parts, { predicate, fixed: places, counted }] };
  });
}

/** All ways to find the fixed objects, each at a place of its own, among the arguments. */
function placements(
  fixed: readonly number[],
  args: readonly number[],
  taken: readonly number[],
): readonly (readonly number[])[] {
  const wanted = fixed[taken.length];
  if (wanted === undefined) return [taken];
  return args.flatMap((arg, place) =>
    arg === wanted && !taken.includes(place) ? placements(fixed, args, [...taken, place]) : [],
  );
}
