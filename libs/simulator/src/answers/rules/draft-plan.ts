import type { Json } from '@praxis/core';
import { linesOf, type Blocks } from './blocks.js';
import type { RuleAnswer } from './task.js';

/** A skill as the prompt declares it: `remind(customer: string, tone?: string) -> {sent: boolean}  sends …`. */
interface Declared {
  readonly name: string;
  readonly summary: string;
  readonly required: readonly string[];
  readonly gives: string;
}

interface Step {
  readonly [key: string]: Json;
  readonly id: string;
  readonly skill: string;
}

const LINE = /^([\w.-]+)\((.*?)\)(?: -> (.*?))?(?:  (.*))?$/;
/** `$name = …` */
const NAMED = /^\$(\w[\w-]*) =/;
const MOST_STEPS = 6;

/**
 * All steps of a request as calls of skills: those that the request speaks of, each when what it takes is there, from an
 * input of that name or from the entries of a list that an earlier step gives.
 */
export function draftPlan(blocks: Blocks): RuleAnswer {
  const request = [blocks.get('request') ?? '', ...linesOf(blocks, 'goal')].join(' ');
  const inputs = linesOf(blocks, 'inputs').flatMap((line) => NAMED.exec(line)?.[1] ?? []);
  const done = new Set(linesOf(blocks, 'done').flatMap((line) => NAMED.exec(line)?.[1] ?? []));
  let open = linesOf(blocks, 'skills')
    .flatMap(declared)
    .filter((skill) => isMeant(skill, request));
  const steps: Step[] = [];
  const given: Declared[] = [];
  while (open.length > 0 && steps.length < MOST_STEPS) {
    const next = open
      .map((skill) => ({ skill, step: stepOf(skill, { inputs, given }) }))
      .find(({ step }) => step !== null);
    if (next === undefined) break;
    open = open.filter((skill) => skill !== next.skill);
    given.push(next.skill);
    if (!done.has(next.step!.id)) steps.push(next.step!);
  }
  if (steps.length === 0)
    return {
      thought: 'No skill fits.',
      kind: 'cannot',
      steps: [],
      question: 'no skill does what the request speaks of',
    };
  return { thought: 'What the request speaks of, in the order of what it needs.', kind: 'plan', steps, question: '' };
}

function declared(line: string): readonly Declared[] {
  const [, name, taken, gives = '', summary = ''] = LINE.exec(line) ?? [];
  if (name === undefined) return [];
  const required = [...taken!.matchAll(/(?:^|, )([\w-]+): /g)].map(([, argument]) => argument!);
  return [{ name, summary, required, gives }];
}

/** Words that say nothing of what is wanted. */
const EMPTY = new Set([
  'with',
  'that',
  'this',
  'from',
  'every',
  'each',
  'their',
  'them',
  'have',
  'what',
  'into',
  'the',
]);
const stems = (text: string): ReadonlySet<string> =>
  new Set(
    (text.toLowerCase().match(/\p{L}{3,}/gu) ?? [])
      .filter((w) => !EMPTY.has(w))
      .map((w) => w.replace(/(?:es|s|e|ing|er)$/, '')),
  );

/** Two words in common, or the name itself. */
function isMeant({ name, summary }: Declared, request: string): boolean {
  const wanted = stems(request);
  const named = [...stems(name.replace(/[._-]/g, ' '))];
  const said = [...new Set([...named, ...stems(summary)])].filter((word) => wanted.has(word));
  return said.length >= 2 || (named.length === 1 && wanted.has(named[0]!));
}

function stepOf(
  { name, required }: Declared,
  { inputs, given }: { readonly inputs: readonly string[]; readonly given: readonly Declared[] },
): Step | null {
  const id = idOf(name);
  const step = { id, title: '', skill: name, each: '', after: [], when: '' };
  const open = required.filter((argument) => !inputs.includes(argument));
  const args = required
    .filter((argument) => inputs.includes(argument))
    .map((argument) => ({ name: argument, value: `$${argument}` }));
  if (open.length === 0) return { ...step, args };
  const [argument] = open;
  const list = open.length === 1 ? given.find(({ gives }) => itemOf(gives, argument!) !== null) : undefined;
  if (list === undefined) return null;
  return {
    ...step,
    each: `$${idOf(list.name)}`,
    args: [...args, { name: argument!, value: itemOf(list.gives, argument!)! }],
  };
}

/** How an entry of a list gives an argument; null where what is given is no such list. */
function itemOf(gives: string, argument: string): string | null {
  if (/^\[(?:string|number|integer)\]$/.test(gives)) return '$item';
  return gives.startsWith('[{') && new RegExp(`[{ ]${argument}: `).test(gives) ? `$item.${argument}` : null;
}

const idOf = (name: string): string => name.replace(/[^\w]/g, '_');
