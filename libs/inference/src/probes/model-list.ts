import type { Engine } from '@praxis/core';
import { z } from 'zod';

const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.string().nullish(),
      max_model_len: z.number().int().positive().nullish(),
      meta: z.object({ n_ctx: z.number().int().positive().nullish() }).nullish().catch(null),
    }),
  ),
});

/** What a node lists. */
export interface ModelList {
  readonly names: readonly string[];
  /** Longest context of each model, in tokens, where the node says it. */
  readonly contexts: Readonly<Record<string, number>>;
  /** The engine, where it names itself. */
  readonly engine: Engine | null;
}

/** The field says who owns a model; these engines write their own names there. */
const OWNERS: Readonly<Record<string, Engine>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  llamacpp: 'llamacpp',
  'praxis-simulator': 'simulator',
};

/** Reads an answer of `/v1/models`; null where it is none. */
export function readModelList(body: string): ModelList | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const list = listSchema.safeParse(json);
  if (!list.success) return null;
  const { data } = list.data;
  return {
    names: data.map(({ id }) => id),
    contexts: Object.fromEntries(
      data.flatMap(({ id, max_model_len, meta }) =>
        (max_model_len ?? meta?.n_ctx) ? [[id, (max_model_len ?? meta?.n_ctx)!]] : [],
      ),
    ),
    engine: data.map(({ owned_by }) => OWNERS[owned_by ?? '']).find((engine) => engine !== undefined) ?? null,
  };
}
