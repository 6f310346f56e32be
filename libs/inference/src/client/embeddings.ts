import { z } from 'zod';
import { BadAnswer } from './answer-builder.js';

/** Vectors of texts, and how many tokens the texts had. */
export interface Embedding {
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: number;
}

const bodySchema = z.object({
  data: z.array(z.object({ index: z.number().optional(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.number().int().nonnegative() }).nullish().catch(null),
});

/** Reads the answer of an embedding request: one vector for each text, in the order of the texts, all of one length. */
export function readVectors(text: string, texts: number, estimated: number): Embedding {
  const body = bodySchema.safeParse(parsed(text));
  if (!body.success) throw new BadAnswer('it sent vectors that cannot be read');
  const { data, usage } = body.data;
  const inOrder = data.map(({ index, embedding }, i) => ({ at: index ?? i, embedding })).sort((a, b) => a.at - b.at);
  const isWhole =
    inOrder.length === texts &&
    inOrder.every(({ at, embedding }, i) => at === i && embedding.length === inOrder[0]!.embedding.length);
  if (!isWhole) throw new BadAnswer(`it sent ${data.length} vectors for ${texts} texts, or vectors of unequal length`);
  return { vectors: inOrder.map(({ embedding }) => embedding), tokens: usage?.prompt_tokens ?? estimated };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadAnswer('it sent vectors that are no JSON');
  }
}
