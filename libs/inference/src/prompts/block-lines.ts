import {
  actionText,
  checkNamed,
  checkText,
  isArtifactRef,
  previewText,
  splitConjunction,
  type Action,
  type Checks,
  type Json,
  type Plan,
  type SkillManifest,
  type ToldFailure,
  type Tool,
  type WorldState,
} from '@praxis/core';

/** A skill as a line of `skills`: `(move ?who - agent ?from - room)  goes from room to room`. */
export function skillLine({ name, summary, parameters }: SkillManifest): string {
  const signature = [name, ...parameters.map((p) => `?${p.name} - ${p.type}`)].join(' ');
  return summary === '' ? `(${signature})` : `(${signature})  ${summary}`;
}

/** A state as lines of `facts`: its facts, then its numbers as `(= (fuel truck1) 3)`. */
export const factLines = ({ facts, numbers }: WorldState): readonly string[] => [
  ...facts,
  ...Object.entries(numbers).map(([term, value]) => `(= ${term} ${value})`),
];

/**
 * A remembered failure as a line of `failures`: `(take cup shelf): not-applicable, while (at ann hall)`, then what may
 * have been missing and what has changed since, where that is known.
 */
export function failureLine({
  action,
  code,
  facts,
  missing = [],
  changed,
  permanent,
  reason = code,
}: ToldFailure): string {
  if (permanent === true) return `${action}: never again (${oneLine(reason)})`;
  const since = [
    ...(changed?.added ?? []).map((f) => `${f} became true`),
    ...(changed?.removed ?? []).map((f) => `${f} became false`),
  ];
  return [
    `${action}: ${code}${factsOfThen(action, facts)}`,
    ...(missing.length === 0 ? [] : [`may have been missing: ${missing.join(' ')}`]),
    ...(since.length === 0 ? [] : [`since then: ${since.join(', ')}, so it may be tried again`]),
  ].join('; ');
}

function factsOfThen(action: string, facts: readonly string[]): string {
  if (facts.length > 0) return `, while ${facts.join(' ')}`;
  return action.includes(' ') ? ', while nothing was true of its objects' : '';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What a person answered as a line of `answers`. */
export const answerLine = (question: string, answer: string): string => `${question} -> ${answer}`;

/** What was learned as a line of `lessons`. */
export function lessonLine({ body }: Pick<Tool, 'body'>): string {
  if (body.kind === 'hint') return body.text;
  const action = `(${[body.action, ...body.parameters].join(' ')})`;
  if (body.kind === 'guard') return `${action} also needs ${body.requires}`;
  const first = body.first.map((f) => `(${[f.action, ...f.args].join(' ')})`).join(' ');
  return `before ${action}, unless ${body.unless}, do ${first}`;
}

/** A finished step as a line of `done`. */
export const doneLine = (action: Action, outcome: string): string => `${actionText(action)} -> ${outcome}`;

/**
 * A plan as lines of `subgoals`, in its order; `standing` says how a subgoal stands, such as `done`. Numbers are those
 * of the plan's own subgoals; what is kept of an older version goes by its id.
 */
export function subgoalLines(plan: Plan, standing: (id: string) => string = () => ''): readonly string[] {
  const own = plan.nodes.filter((n) => n.id.startsWith(`${plan.version}.`));
  const labelOf = (id: string): string =>
    own.some((n) => n.id === id) ? `${own.findIndex((n) => n.id === id) + 1}` : `kept ${id}`;
  return plan.nodes.map(({ id, title, owner, after, post, steps }) => {
    const waits = after.map(labelOf).join(', ');
    const parts = [
      title,
      `achieves ${post}`,
      owner === null ? '' : `by ${owner}`,
      waits === '' ? '' : `after ${waits}`,
      steps.length === 0 ? '' : `steps ${steps.map(actionText).join(' ')}`,
      standing(id),
    ];
    return `${labelOf(id)}. ${parts.filter((part) => part !== '').join('; ')}`;
  });
}

/** Candidates for a judge, numbered from 1. */
export const candidateLines = (texts: readonly string[]): readonly string[] =>
  texts.map((text, i) => `${i + 1}. ${text}`);

/** A value that was handed in or given, by its beginning; a file by its name, type and size. */
export const valueText = (value: Json, characters: number): string =>
  isArtifactRef(value)
    ? `the file ${value.name} (${value.mediaType}, ${value.size} bytes)`
    : previewText(JSON.stringify(value), characters);

/** A condition in words, part by part: what its checks want, and facts as they are written. */
export const conditionLines = (condition: string, checks: Checks): readonly string[] =>
  splitConjunction(condition).map((part) => {
    const check = checks[checkNamed(part) ?? ''];
    return check === undefined ? part : 'judge' in check ? check.judge : checkText(check);
  });
