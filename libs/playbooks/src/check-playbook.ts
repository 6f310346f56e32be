import {
  ASK_PERSON,
  matchesPattern,
  nearestName,
  type Check,
  type Json,
  type Playbook,
  type ScriptStep,
} from '@praxis/core';
import {
  expressionProblem,
  namesInCheck,
  namesOfExpression,
  referencesIn,
  stepOrder,
  templateProblem,
} from '@praxis/expressions';

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

const ONE_QUESTION = 'a question is asked once; show the list in it, and ask about it as a whole';

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
    ...(typeof each?.most === 'string' ? valueProblems(each.most, at('each', 'most'), known) : []),
    ...(each !== undefined && step.do === ASK_PERSON ? [{ path: at('each'), message: ONE_QUESTION }] : []),
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

/** Whom each step waits for, by its id (step-order). */
export const orderOf = ({
  steps,
  inputs,
}: Pick<Playbook, 'steps' | 'inputs'>): ReadonlyMap<string, readonly string[]> =>
  stepOrder(steps, { inOrder: true, inputs: Object.keys(inputs) });

/** Steps that wait for each other in a circle; null where there are none. */
function circleIn(playbook: Playbook): readonly string[] | null {
  const waits = new Map(orderOf(playbook));
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
