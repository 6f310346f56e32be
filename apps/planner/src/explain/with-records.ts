import {
  PraxisError,
  clipText,
  freeRecord,
  jsonSchema,
  readThought,
  readTranscript,
  type BlobStore,
  type Json,
  type KeptThought,
  type ModelCallRecord,
  type ToolCall,
} from '@praxis/core';
import type { BoundedText, ExplainedRecord, ExplainedThought } from '@praxis/wire';
import { z } from 'zod';
import type { ToldThought } from './thoughts-of.js';

/** Longest text that is told, in characters. */
const LONGEST = 20_000;

/** What is read of the blobs. */
export type ThoughtBlobs = Pick<BlobStore, 'read' | 'readAll'>;

/** Adds what is kept of the models' parts, and their conversations where they are wanted. */
export async function withRecords(
  told: readonly ToldThought[],
  blobs: ThoughtBlobs,
  prompts: boolean,
): Promise<readonly ExplainedThought[]> {
  const bodies = await blobs.read(told.flatMap(({ call }) => (call === null ? [] : [call.answer])));
  return Promise.all(
    told.map(async ({ thought, call }) => ({ ...thought, ...(await recordOf(call, bodies, prompts ? blobs : null)) })),
  );
}

type Part = Pick<ExplainedThought, 'record' | 'gone'>;

async function recordOf(
  call: KeptThought | null,
  bodies: ReadonlyMap<string, string>,
  blobs: ThoughtBlobs | null,
): Promise<Part> {
  if (call === null) return { record: null, gone: '' };
  const body = bodies.get(call.answer);
  if (body === undefined)
    return {
      record: null,
      gone: 'What the model was asked and answered is not kept any more; restore it from a backup or a history file.',
    };
  const record = readThought(body);
  if (record === null)
    return {
      record: null,
      gone: `What the model answered was kept in a form that this release cannot read (blob ${call.answer}).`,
    };
  if (blobs === null) return { record: told(record, []), gone: '' };
  try {
    const messages = await readTranscript(call.prompt, (hashes) => blobs.readAll(hashes));
    return { record: told(record, messages.map(message)), gone: '' };
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'missing') throw thrown;
    return { record: told(record, []), gone: 'The conversation that the model was asked with is not kept any more.' };
  }
}

function told({ samples, ...record }: ModelCallRecord, messages: ExplainedRecord['messages']): ExplainedRecord {
  return {
    ...record,
    messages,
    samples: samples.map(({ answer, ...sample }) => ({
      ...sample,
      answer: answer && {
        text: bounded(withCalls(answer.text, answer.toolCalls)),
        reasoning: bounded(answer.reasoning),
        finish: answer.finish,
        usage: answer.usage,
      },
    })),
  };
}

/** What was said, and below it each call as `NAME {…}`. */
const withCalls = (text: string, calls: readonly Pick<ToolCall, 'name' | 'args'>[]): string =>
  [text, ...calls.map(({ name, args }) => `${name} ${JSON.stringify(args)}`)].filter((part) => part !== '').join('\n');

const messageSchema = z.object({
  role: z.string(),
  content: z.string(),
  toolCalls: z.array(z.object({ name: z.string(), args: freeRecord(jsonSchema) })).default([]),
});

/** A message of a form that nobody here knows is told as it stands. */
function message(kept: Json): ExplainedRecord['messages'][number] {
  const parsed = messageSchema.safeParse(kept);
  return parsed.success
    ? { role: parsed.data.role, content: bounded(withCalls(parsed.data.content, parsed.data.toolCalls)) }
    : { role: '', content: bounded(JSON.stringify(kept)) };
}

function bounded(text: string): BoundedText {
  if (text.length <= LONGEST) return { text, leftOut: 0 };
  const kept = clipText(text, LONGEST);
  return { text: kept, leftOut: text.length - kept.length };
}
