import { ASK_PERSON, type Json, type Skill } from '@praxis/core';
import { z } from 'zod';
import { skill } from '../../authoring/skill.js';
import { SkillError } from '../../authoring/skill-error.js';
import { compiledWorker, TaskThreads } from '../../threads/task-threads.js';
import type { CalcRequest } from './evaluate.js';

const CALC_MS = 2_000;
const threads = new TaskThreads<CalcRequest, Json>(() => compiledWorker('calc.worker.js', import.meta.url), {
  seats: 1,
  memoryMb: 128,
  idleMs: 5_000,
});

/** Calls that go through lists within lists or match patterns: their time does not follow from the length of the text. */
const SLOW = /\b(map|filter|all|exists|exists_one|matches)\s*\(/;

/** Whether an expression may take long, so that it does not belong on the event loop. */
const mayTakeLong = (expression: string): boolean => SLOW.test(expression);

/** The library is loaded by the first calculation: most processes have none. */
async function calculate({ expression, variables }: CalcRequest): Promise<Json> {
  const { evaluate } = await import('./evaluate.js');
  return evaluate(expression, variables);
}

const calc = skill({
  name: 'calc',
  source: 'builtin',
  summary:
    'calculates: + - * / %, comparisons, a ? b : c, sum, mean, median, min, max, count, round(x, digits), pow, sqrt, ln, log10, sin, pi',
  input: z.object({
    expression: z.string().min(1).max(4_000).describe('such as round(total * (1 + vat / 100), 2)'),
    variables: z.record(z.string(), z.json()).default({}).describe('values by their names in the expression'),
  }),
  run: async ({ expression, variables }, { signal }) => {
    const request = { expression, variables: variables as CalcRequest['variables'] };
    const value = mayTakeLong(expression)
      ? await threads.run(request, { signal, timeoutMs: CALC_MS })
      : await calculate(request);
    return { value, message: `${expression} = ${JSON.stringify(value)}`.slice(0, 500) };
  },
});

const note = skill({
  name: 'note',
  source: 'builtin',
  summary: 'keeps a finding for later steps and for the result',
  input: z.object({ text: z.string().min(1).max(20_000), topic: z.string().max(200).optional() }),
  output: z.object({ text: z.string(), topic: z.string().nullable() }),
  run: ({ text, topic }) => ({ value: { text, topic: topic ?? null }, message: text.slice(0, 500) }),
});

const askPerson = skill({
  name: ASK_PERSON,
  source: 'builtin',
  summary: 'asks a person and waits for the answer',
  input: z.object({
    question: z.string().min(1).max(4_000),
    show: z.array(z.string().min(1)).max(50).optional().describe('files of the workspace to read before answering'),
    choices: z.array(z.string().min(1)).min(1).max(50).optional().describe('the answers to choose from'),
    expires: z
      .string()
      .regex(/^\d+(ms|s|m|h|d)$/, 'must be a time such as 30m, 24h or 7d')
      .optional()
      .describe('how long to wait, such as 24h'),
  }),
  output: z.object({ answer: z.string() }),
  effect: 'pure',
  run: () => {
    throw new SkillError('unavailable', 'a person is asked by the strategy of a run, and this call came past it', {
      permanent: true,
    });
  },
});

/** Calculations, notes and questions. */
export const basicSkills: readonly Skill[] = [calc, note, askPerson];

/** Ends the threads that wait for work. */
export const closeCalcThreads = (): Promise<void> => threads.close();
