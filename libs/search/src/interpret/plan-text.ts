import { clipText, PraxisError } from '@praxis/core';
import { withoutNoise } from './without-noise.js';
import { printAction } from './ground-action.js';
import type { GroundAction } from './ground-action.js';

const STEP = /^(?:\d+(?:\.\d+)?\s*:\s*)?\(\s*([^()\s]+)((?:\s+[^()\s]+)*)\s*\)(?:\s*\[[\d.]+\])?$/;

/** Reads a plan in the format of the planning competitions: one `(action a b)` a line, `;` begins a comment. */
export function parsePlan(text: string, name = 'plan'): GroundAction[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/;.*$/, '').trim().toLowerCase();
    if (line === '') return [];
    const match = STEP.exec(line);
    if (match !== null) return [{ action: match[1]!, args: match[2]!.split(/\s+/).filter((arg) => arg !== '') }];
    const found = line.length > 40 ? `${clipText(line, 40)}…` : line;
    throw new PraxisError(
      'invalid',
      `${name}:${index + 1}:${raw.search(/\S/) + 1}: found "${found}", expected a step such as (move truck1 depot)`,
      {
        details: { line: index + 1, column: raw.search(/\S/) + 1 },
      },
    );
  });
}

/** Writes a plan in the same format; the cost, where given, stands in a comment at the end. */
export function printPlan(steps: readonly GroundAction[], cost?: number): string {
  const lines = steps.map(printAction);
  if (cost !== undefined) lines.push(`; cost = ${withoutNoise(cost)}`);
  return lines.map((line) => `${line}\n`).join('');
}
