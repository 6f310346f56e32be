import type { Json, PlaybookFile } from '@praxis/core';
import { valueOf, type Args, type Task } from './published.js';

/** A playbook with a step for each call of a task, in order, and how many of its arguments refer to earlier outputs. */
export function taskPlaybook({ id, calls }: Task, namespace: string): { playbook: PlaybookFile; references: number } {
  const outputs = new Map<string, Json>();
  let references = 0;
  const refer = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((item: Json) => refer(item));
    if (typeof value !== 'string') return value;
    const found = placeOf(value, outputs);
    references += found === null ? 0 : 1;
    return found ?? literal(value);
  };
  const steps = calls.map((call, i) => {
    const args = Object.fromEntries(Object.entries(call.arguments).map(([name, value]) => [name, refer(value)]));
    if (!call.error) outputs.set(`s${i + 1}`, valueOf(call));
    const onFail = call.error ? ({ onFail: 'skip' } as const) : {};
    return { id: `s${i + 1}`, do: `${namespace}.${call.name}`, with: args, after: i === 0 ? [] : [`s${i}`], ...onFail };
  });
  const nothing = { id: 'nothing', do: 'note', with: { text: 'There is nothing to do.' } };
  const playbook = {
    ...{ playbook: `task-${id}`, title: `Task ${id}` },
    steps: steps.length === 0 ? [nothing] : steps,
    result: steps.map((step) => `$${step.id}`),
  };
  return { playbook, references };
}

/** A playbook that makes one call with these arguments as they are. */
export const onePlaybook = (skill: string, args: Args): PlaybookFile => ({
  ...{ playbook: 'one', title: 'One call', steps: [{ id: 's1', do: skill, with: args }] },
});

/** A text that is no reference and no template, whatever is in it. */
const literal = (value: string): string => {
  if (value.startsWith('$')) return `$${value}`;
  return /\{[{%]/.test(value) ? `{% raw %}${value}{% endraw %}` : value;
};

/** Shorter texts, such as a state's, are the same by chance. */
const TELLING = 5;

/** A reference to where an earlier output has a text, as a person would write it; null where none has. */
function placeOf(value: string, outputs: ReadonlyMap<string, Json>): string | null {
  if (value.length < TELLING) return null;
  for (const [step, output] of [...outputs].toReversed()) {
    const path = pathTo(value, output);
    if (path !== null) return `$${step}${path}`;
  }
  return null;
}

function pathTo(value: string, inside: Json): string | null {
  if (inside === value) return '';
  if (typeof inside !== 'object' || inside === null) return null;
  for (const [key, part] of Object.entries(inside)) {
    const path = pathTo(value, part as Json);
    if (path !== null) return `${Array.isArray(inside) ? `[${key}]` : `[${JSON.stringify(key)}]`}${path}`;
  }
  return null;
}
