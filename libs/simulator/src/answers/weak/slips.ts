import { keyedChoice, type Json } from '@praxis/core';
import { lorem } from '../lorem.js';
import type { Draw } from './weakness.js';

type Loose = { readonly [key: string]: Json };

/** A name that is nearly right: a letter is lost or doubled, words are joined, or the source is left out. */
export function nearMiss(name: string, key: string): string {
  const [, open = '', word = '', rest = ''] = /^(\(?)([\p{L}\p{N}_.-]+)(.*)$/su.exec(name) ?? [];
  if (word === '') return `${name}s`;
  const slips = [
    word.replace(/[._-](\p{L})/gu, (_, letter: string) => letter.toUpperCase()),
    `${word}s`,
    word.slice(0, -1),
    word.replace(/^[^._]+\./, ''),
    word.replace(/^(\p{L})/u, 'do_$1'),
  ].filter((slip) => slip !== word && slip !== '');
  return `${open}${keyedChoice(slips, key, 'slip')}${rest}`;
}

/** Arguments with what a weak model gets wrong of them. */
export function spoiledArgs(args: Loose, has: Draw, key: string): Loose {
  const names = Object.keys(args);
  const spoiled: { [key: string]: Json } = { ...args };
  const pick = (why: string): string => keyedChoice(names, key, why);
  if (names.length > 0 && has('wrong-args')) {
    const name = pick('wrong');
    spoiled[name] = otherType(args[name]!);
  }
  if (names.length > 0 && has('missing-args')) delete spoiled[pick('missing')];
  if (has('extra-args')) spoiled['reason'] = 'because it helps';
  return spoiled;
}

const otherType = (value: Json): Json => (typeof value === 'string' ? [value] : JSON.stringify(value));

const THOUGHT_CHARS = 2_000;

/** A thought that goes on and on. */
export function longThought(thought: string, key: string): string {
  return `${thought} ${lorem(THOUGHT_CHARS / 4, key)}`.trim().slice(0, THOUGHT_CHARS);
}

const BEFORE = [
  'Sure! Let me think about this step by step.',
  'Okay, here is my answer:',
  'Based on what I see, I would do the following.',
] as const;
const AFTER = ['Let me know if there is anything else!', 'I hope this helps.', ''] as const;

/** Polite words around an answer. */
export function wordsAround(body: string, key: string, thought = ''): string {
  const parts = [
    keyedChoice(BEFORE, key, 'before'),
    thought,
    body,
    body === '' ? '' : keyedChoice(AFTER, key, 'after'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A plan of which the second half is missing. */
export function halfPlan(value: Loose): Loose {
  const { subgoals, steps } = value;
  return {
    ...value,
    ...(Array.isArray(subgoals) && { subgoals: half(subgoals as readonly Json[]) }),
    ...(Array.isArray(steps) && { steps: half(steps as readonly Json[]) }),
  };
}

const half = (list: readonly Json[]): readonly Json[] => list.slice(0, Math.ceil(list.length / 2));
