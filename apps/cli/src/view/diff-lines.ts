import { actionText, type ComparedStep, type PlanNode, type RunDiff } from '@praxis/core';
import { duration } from './words.js';

/** What two runs have otherwise, as text: `-` the first one's, `+` the second one's. */
export function diffLines(diff: RunDiff): readonly string[] {
  return [
    ...goalLines(diff),
    ...planLines(diff),
    ...stepLines(diff),
    ...outcomeLines(diff),
    '',
    ...costLines(diff),
    ...toolLines(diff),
  ];
}

function goalLines({ goal }: RunDiff): readonly string[] {
  return goal.length === 0
    ? ['goal     the same']
    : ['goal', ...goal.flatMap(({ field, a, b }) => pair(`${field} `, a, b))];
}

function planLines({ plan: { versions, added, dropped, changed } }: RunDiff): readonly string[] {
  const counts =
    versions.a === versions.b
      ? `${String(versions.a)} made by each`
      : `${String(versions.a)} made by the one, ${String(versions.b)} by the other`;
  if (added.length + dropped.length + changed.length === 0) return [`plans    the last ones are the same; ${counts}`];
  return [
    `plans    ${counts}`,
    ...dropped.map((node) => `  - ${nodeText(node)}`),
    ...added.map((node) => `  + ${nodeText(node)}`),
    ...changed.flatMap(({ a, b, fields }) => [
      `  ~ ${nodeText(a)}`,
      ...fields.flatMap((field) =>
        pair(`${field} `, fieldText(a, field), fieldText(b, field)).map((line) => `  ${line}`),
      ),
    ]),
  ];
}

const nodeText = ({ id, owner, title }: PlanNode): string => `${id} ${owner === null ? '' : `${owner} `}${title}`;

function fieldText(node: PlanNode, field: string): string {
  if (field === 'steps') return node.steps.map(actionText).join(' ');
  return String(node[field as keyof PlanNode] ?? 'nobody');
}

function stepLines({ steps: { same, diverged } }: RunDiff): readonly string[] {
  if (!diverged) return [`steps    all ${same} are the same`];
  return [`steps    ${same} are the same, then`, ...pair('', stepText(diverged.a), stepText(diverged.b))];
}

const stepText = (step: ComparedStep | null): string | null =>
  step && `${step.number} in ${step.node}: ${step.action}${step.outcome === 'ok' ? '' : ` (${step.outcome})`}`;

function outcomeLines({ outcome: { a, b, reasonA, reasonB } }: RunDiff): readonly string[] {
  if (a === b && reasonA === reasonB)
    return [`outcome  the same: ${a ?? 'not ended'}${reasonA === '' ? '' : `, ${reasonA}`}`];
  return ['outcome', ...pair('', `${a ?? 'not ended'}: ${reasonA}`, `${b ?? 'not ended'}: ${reasonB}`)];
}

function costLines({ costs }: RunDiff): readonly string[] {
  return costs
    .filter(({ a, b }) => a !== 0 || b !== 0)
    .map(({ name, a, b }) =>
      name === 'milliseconds'
        ? `${'time'.padEnd(13)}${duration(a)} → ${duration(b)}`
        : `${name.padEnd(13)}${amount(a)}${a === b ? '' : ` → ${amount(b)}`}`,
    );
}

const amount = (value: number): string => String(Math.round(value * 1e6) / 1e6);

function toolLines({ tools: { onlyA, onlyB } }: RunDiff): readonly string[] {
  return onlyA.length + onlyB.length === 0
    ? []
    : ['tools used', ...onlyA.map((t) => `  - ${t}`), ...onlyB.map((t) => `  + ${t}`)];
}

function pair(name: string, a: string | null, b: string | null): readonly string[] {
  return [`  - ${name}${a ?? 'nothing'}`, `  + ${name}${b ?? 'nothing'}`];
}
