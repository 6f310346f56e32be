import {
  checkSchema,
  matchesPattern,
  nearestName,
  type Check,
  type Json,
  type Playbook,
  type ScriptStep,
} from '@praxis/core';
import { expressionProblem, namesInCheck, namesOfExpression, referencesIn, templateProblem } from '@praxis/expressions';

/** Something that is wrong with a playbook, and where. */
export interface PlaybookProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * What is wrong with a playbook although each of its fields fits: names that clash, references to what is not there,
 * steps that wait for each other, expressions and texts that cannot be read.
 */
export function playbookProblems(playbook: Playbook): readonly PlaybookProblem[] {
  const { steps, inputs } = playbook;
  const ids = steps.map((s) => s.id);
  const known = [...Object.keys(inputs), ...ids];
  const clashes = steps.flatMap((step, i): readonly PlaybookProblem[] => {
    const path = ['steps', i, 'id'];
    if (Object.hasOwn(inputs, step.id)) return [{ path, message: `the step ${step.id} has the name of an input` }];
    return ids.indexOf(step.id) < i ? [{ path, message: `two steps are called ${step.id}` }] : [];
  });
  const inSteps = steps.flatMap((step, i) => stepProblems(step, i, known));
  const done = playbook.done.flatMap((check, i) => checkProblems(check, ['done', i], known));
  const result = valueProblems(playbook.result ?? null, ['result'], known);
  const circle = clashes.length === 0 ? circleIn(playbook) : null;
  return [
    ...clashes,
    ...inSteps,
    ...refusedSkills(playbook),
    ...done,
    ...result,
    ...(circle === null ? [] : [{ path: ['steps'], message: `the steps ${circle.join(', ')} wait for each other` }]),
  ];
}

/** Steps whose skill the playbook's own grants leave out. */
function refusedSkills({ grants, steps }: Playbook): readonly PlaybookProblem[] {
  const allowed = grants?.skills;
  if (allowed === undefined) return [];
  return steps.flatMap((step, i) =>
    allowed.some((pattern) => matchesPattern(pattern, step.do))
      ? []
      : [
          {
            path: ['steps', i, 'do'],
            message: `the grants allow ${allowed.join(', ') || 'no skill'}, and not ${step.do}`,
          },
        ],
  );
}

function stepProblems(step: ScriptStep, i: number, known: readonly string[]): readonly PlaybookProblem[] {
  const { each, when } = step;
  const at = (...path: (string | number)[]): (string | number)[] => ['steps', i, ...path];
  const inside = each === undefined ? known : [...known, each.as];
  const shadowed = each !== undefined && known.includes(each.as);
  return [
    ...valueProblems(step.with, at('with'), inside),
    ...(each === undefined ? [] : valueProblems(each.of, at('each', 'of'), known)),
    ...(shadowed
      ? [{ path: at('each', 'as'), message: `${each.as} is the name of an input or a step; take another` }]
      : []),
    ...(when === undefined ? [] : expressionProblems(when, at('when'), known)),
    ...step.after.flatMap((id, n) => unknown(id, at('after', n), known, 'step')),
    ...step.check.flatMap((check, n) => checkProblems(check, at('check', n), known)),
  ];
}

function checkProblems(check: Check, path: (string | number)[], known: readonly string[]): readonly PlaybookProblem[] {
  if ('expr' in check) return expressionProblems(check.expr, [...path, 'expr'], known);
  const { schema: _, ...fields } = check as Check & { readonly schema?: Json };
  const texts = templateProblems(fields as unknown as Json, path);
  return [...texts, ...namesInCheck(check, known).flatMap((name) => unknown(name, path, known))];
}

const valueProblems = (
  value: Json,
  path: (string | number)[],
  known: readonly string[],
): readonly PlaybookProblem[] => [
  ...templateProblems(value, path),
  ...referencesIn(value).flatMap((name) => unknown(name, path, known)),
];

function templateProblems(value: Json, path: (string | number)[]): readonly PlaybookProblem[] {
  if (typeof value === 'string') {
    const problem = value.includes('{{') || value.includes('{%') ? templateProblem(value) : null;
    return problem === null ? [] : [{ path, message: problem }];
  }
  if (value === null || typeof value !== 'object') return [];
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((inner, i) => [i, inner] as const)
    : Object.entries(value as { readonly [key: string]: Json });
  return entries.flatMap(([key, inner]) => templateProblems(inner, [...path, key]));
}

function expressionProblems(
  expression: string,
  path: (string | number)[],
  known: readonly string[],
): readonly PlaybookProblem[] {
  const problem = expressionProblem(expression);
  if (problem !== null) return [{ path, message: problem.replace(/\.$/, '') }];
  return namesOfExpression(expression, known).flatMap((name) => unknown(name, path, known));
}

function unknown(
  name: string,
  path: (string | number)[],
  known: readonly string[],
  what = 'input or step',
): readonly PlaybookProblem[] {
  if (known.includes(name)) return [];
  const near = nearestName(name, known);
  const hint = near === null ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return [{ path, message: `there is no ${what} called ${name}; ${hint}`.replace(/\?$/, '') }];
}

/** Whom a step waits for: the steps that it names or refers to; the one before it where it does neither. */
export function predecessors({ steps, inputs }: Pick<Playbook, 'steps' | 'inputs'>, i: number): readonly string[] {
  const ids = steps.map((s) => s.id);
  const step = steps[i]!;
  const all = [...Object.keys(inputs), ...ids];
  const names = new Set([
    ...step.after,
    ...referencesIn(step.with),
    ...referencesIn(step.each?.of ?? null),
    ...(step.when === undefined ? [] : namesOfExpression(step.when, all)),
    ...step.check.flatMap((c) => namesInCheck(checkSchema.parse(c), all)),
  ]);
  const named = ids.filter((id) => names.has(id) && id !== step.id);
  return named.length > 0 || i === 0 ? named : [ids[i - 1]!];
}

/** Steps that wait for each other in a circle; null where there are none. */
function circleIn(playbook: Playbook): readonly string[] | null {
  const waits = new Map(playbook.steps.map((s, i) => [s.id, new Set(predecessors(playbook, i))]));
  for (let removed = true; removed;) {
    removed = false;
    for (const [id, before] of waits)
      if ([...before].every((b) => !waits.has(b))) {
        waits.delete(id);
        removed = true;
      }
  }
  return waits.size === 0 ? null : [...waits.keys()];
}
