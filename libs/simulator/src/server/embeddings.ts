import { hash } from 'node:crypto';
import { z } from 'zod';
import { HttpFault } from './http-fault.js';
import { piecesOf } from './tokens.js';

const bodySchema = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2_048)]),
  dimensions: z.number().int().min(1).max(4_096).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

const DIMENSIONS = 256;

/**
 * Words that are alike in texts that are alike: each word is hashed to a place and a sign, and the sum has length 1.
 */
export function embed(text: string, dimensions = DIMENSIONS): readonly number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of words.length > 0 ? words : ['']) {
    const code = Number.parseInt(hash('sha256', word).slice(0, 12), 16);
    vector[code % dimensions]! += Math.floor(code / dimensions) % 2 === 0 ? 1 : -1;
  }
  const length = Math.hypot(...vector);
  // Words may cancel each other out; a vector has to have a direction nevertheless.
  if (length === 0) return vector.map((_, i) => (i === 0 ? 1 : 0));
  return vector.map((x) => x / length);
}

/** Answers the body of a request for embeddings. */
export function embeddingsFor(body: unknown, model: string): { readonly answer: object; readonly tokens: number } {
  const parsed = bodySchema.safeParse(body);
  const issue = parsed.error?.issues[0];
  if (issue)
    throw new HttpFault(400, `${issue.path.join('.')}: ${issue.message}`, { param: String(issue.path[0] ?? '') });
  const { model: asked, input, dimensions, encoding_format: format } = parsed.data!;
  if (asked !== model) throw noModel(asked);
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + piecesOf(text).length, 0);
  const data = texts.map((text, index) => {
    const vector = embed(text, dimensions ?? DIMENSIONS);
    return {
      object: 'embedding',
      index,
      embedding: format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
    };
  });
  return { answer: { object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } }, tokens };
}

/** The node serves one model, and it is not this one. */
export function noModel(model: string): HttpFault {
  return new HttpFault(404, `The model \`${model}\` does not exist.`, {
    type: 'NotFoundError',
    code: 'model_not_found',
    param: 'model',
  });
}
