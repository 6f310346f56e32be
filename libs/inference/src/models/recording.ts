import { costSchema, freeRecord, jsonSchema, nodeChoiceSchema, PraxisError, type ModelReply } from '@praxis/core';
import { z } from 'zod';

const usageSchema = z.object({ input: z.number(), cached: z.number(), output: z.number(), reasoning: z.number() });
const answerSchema = z.object({
  text: z.string(),
  reasoning: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), args: freeRecord(jsonSchema) })),
  value: jsonSchema,
  finish: z.enum(['stop', 'length', 'tool-calls', 'refusal']),
  usage: usageSchema,
  tokens: z.array(z.object({ text: z.string(), logprob: z.number(), id: z.number().nullable() })).optional(),
});
const replySchema = z.object({
  answer: answerSchema.nullable(),
  problem: z.string(),
  model: z.string(),
  node: z.string(),
  cost: costSchema,
  choices: z.array(nodeChoiceSchema),
});

const sharedSchema = z.object({
  version: z.literal(1),
  hash: z.string(),
  /** Which of the equal requests it answers, counted from 1 in the order in which they were made. */
  nth: z.number().int().positive(),
  /** The canonical text of the request, to find the nearest one by. */
  text: z.string(),
});
const lineSchema = z.discriminatedUnion('kind', [
  sharedSchema.extend({ kind: z.literal('call'), reply: replySchema }),
  sharedSchema.extend({ kind: z.literal('embed'), vectors: z.array(z.array(z.number())), cost: costSchema }),
]);

/** One line of a recording: a request and what came of it. */
export type RecordedLine = z.infer<typeof lineSchema>;
export type RecordedCall = Extract<RecordedLine, { kind: 'call' }>;
export type RecordedEmbed = Extract<RecordedLine, { kind: 'embed' }>;

/** A recording's line as text. */
export const printLine = (line: RecordedLine): string => `${JSON.stringify(line)}\n`;

/** Reads a recording; says which line is none. */
export function parseRecording(text: string): readonly RecordedLine[] {
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, i + 1)]));
}

function parseLine(line: string, number: number): RecordedLine {
  let body: unknown;
  try {
    body = JSON.parse(line);
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      `Line ${number} of the recording is no JSON; a recording that was broken off ends so. Remove the line, or record again.`,
      { cause },
    );
  }
  const read = lineSchema.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new PraxisError(
    'invalid',
    `Line ${number} of the recording cannot be read (${issue.path.join('.')}: ${issue.message}). Record again with this version.`,
  );
}

/** A recorded reply as it was given. */
export function replyOf({ reply }: RecordedCall): ModelReply {
  if (reply.answer === null) return { ...reply, answer: null };
  const { tokens, ...answer } = reply.answer;
  return { ...reply, answer: tokens === undefined ? answer : { ...answer, tokens } };
}
