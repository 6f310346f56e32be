import { nearestName, type Json, type JsonSchema, type Playbook, type SkillManifest } from '@praxis/core';
import { isTemplate, parseReference, referenceText, referencesInTemplate, type Reference } from '@praxis/expressions';

/** Parts that every output has besides those of its value. */
const ALWAYS: ReadonlySet<string | number> = new Set(['artifacts', 'size', 'length']);

/**
 * References of a playbook to parts that what a skill gives never has, as far as its schema says so: a slip in the
 * result is told before anything is done. One sentence each.
 */
export function misfitReferences(
  { steps, result = null }: Pick<Playbook, 'steps' | 'result'>,
  skills: ReadonlyMap<string, SkillManifest>,
): readonly string[] {
  const shapes = new Map(
    steps.flatMap((step) => {
      const output = step.each === undefined ? skills.get(step.do)?.output : undefined;
      return output === undefined ? [] : [[step.id, output] as const];
    }),
  );
  const places: readonly (readonly [string, Json])[] = [
    ...steps.map((step) => [`the step ${step.id}`, { with: step.with, of: step.each?.of ?? null }] as const),
    ['the result', result],
  ];
  return places.flatMap(([place, value]) =>
    referencesAt(value).flatMap((reference) => {
      const shape = shapes.get(reference.name);
      const problem = shape === undefined ? null : strayPart(reference, shape);
      return problem === null ? [] : [`${place}: ${problem}`];
    }),
  );
}

function referencesAt(value: Json): readonly Reference[] {
  if (typeof value === 'string') {
    if (value.startsWith('$$')) return [];
    const whole = parseReference(value);
    if (whole !== null) return [whole];
    // A text with a default, or a choice in it, may speak of what is not there.
    return isTemplate(value) && !/\{%|\|\s*default/.test(value) ? referencesInTemplate(value) : [];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner) => referencesAt(inner as Json));
}

/** Why a part cannot be there; null where it may. */
function strayPart(reference: Reference, shape: JsonSchema): string | null {
  let schema: JsonSchema = shape;
  for (const [at, part] of reference.path.entries()) {
    if (ALWAYS.has(part)) return null;
    const properties = schema['properties'];
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return null;
    const names = Object.keys(properties);
    if (!names.includes(String(part))) {
      if (schema['additionalProperties'] !== false) return null;
      const near = nearestName(String(part), names);
      const hint = near === null ? `it has ${names.join(', ') || 'none'}` : `did you mean "${near}"?`;
      return `${referenceText(reference, at)} never has "${part}"; ${hint}`;
    }
    schema = (properties as { readonly [name: string]: JsonSchema })[String(part)]!;
  }
  return null;
}
