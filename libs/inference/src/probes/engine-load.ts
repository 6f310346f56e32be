import type { Engine } from '@praxis/core';
import type { Sample } from './prometheus.js';

/** What the metrics of an engine say of its load; null: nothing. */
export interface EngineLoad {
  readonly running: number | null;
  readonly waiting: number | null;
  readonly kvUse: number | null;
  /** Tokens that its key-value cache holds. */
  readonly kvTokens: number | null;
  /** It is there, but has put its weights away. */
  readonly isAsleep: boolean;
}

/** Of an engine that says nothing. */
export const NO_LOAD: EngineLoad = { running: null, waiting: null, kvUse: null, kvTokens: null, isAsleep: false };

interface Names {
  readonly running: readonly string[];
  readonly waiting: readonly string[];
  /** A share from 0 to 1. */
  readonly kvUse: readonly string[];
  /** An info metric with these two labels, whose product is the size of the cache in tokens. */
  readonly cache: { readonly name: string; readonly tokensPerBlock: string; readonly blocks: string } | null;
}

const VLLM: Names = {
  running: ['vllm:num_requests_running'],
  waiting: ['vllm:num_requests_waiting'],
  // The second name is that of releases before 0.9.
  kvUse: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
  cache: { name: 'vllm:cache_config_info', tokensPerBlock: 'block_size', blocks: 'num_gpu_blocks' },
};

const NAMES: Partial<Record<Engine, Names>> = {
  vllm: VLLM,
  simulator: VLLM,
  sglang: {
    running: ['sglang:num_running_reqs'],
    waiting: ['sglang:num_queue_reqs'],
    kvUse: ['sglang:token_usage'],
    cache: { name: 'sglang:cache_config_info', tokensPerBlock: 'page_size', blocks: 'num_pages' },
  },
  llamacpp: {
    running: ['llamacpp:requests_processing'],
    waiting: ['llamacpp:requests_deferred'],
    kvUse: ['llamacpp:kv_cache_usage_ratio'],
    cache: null,
  },
  tgi: { running: ['tgi_batch_current_size'], waiting: ['tgi_queue_size'], kvUse: [], cache: null },
};

/** Beginnings of metric names by which an engine is known. */
export const METRIC_PREFIXES: readonly (readonly [string, Engine])[] = [
  ['vllm:', 'vllm'],
  ['sglang:', 'sglang'],
  ['llamacpp:', 'llamacpp'],
  ['tgi_', 'tgi'],
];

/** Reads an engine's load from its metrics: requests and caches of the ranks of a data-parallel node are added up. */
export function engineLoad(engine: Engine, samples: readonly Sample[]): EngineLoad {
  const names = NAMES[engine];
  if (!names) return NO_LOAD;
  const uses = valuesOf(samples, names.kvUse);
  return {
    running: sum(valuesOf(samples, names.running)),
    waiting: sum(valuesOf(samples, names.waiting)),
    kvUse: uses.length === 0 ? null : Math.min(1, sum(uses)! / uses.length),
    kvTokens: cacheTokens(samples, names.cache),
    isAsleep: samples.some(
      ({ name, labels, value }) =>
        name === 'vllm:engine_sleep_state' && labels['sleep_state'] === 'awake' && value === 0,
    ),
  };
}

/** The values of the first of the names that is there. */
function valuesOf(samples: readonly Sample[], names: readonly string[]): readonly number[] {
  for (const wanted of names) {
    // SGLang writes a total without a priority, and the same again for each priority.
    const found = samples.filter(({ name, labels }) => name === wanted && (labels['priority'] ?? '') === '');
    if (found.length > 0) return found.map(({ value }) => value);
  }
  return [];
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
}

function cacheTokens(samples: readonly Sample[], cache: Names['cache']): number | null {
  const sizes = samples
    .filter(({ name }) => name === cache?.name)
    .map(({ labels }) => Number(labels[cache!.tokensPerBlock]) * Number(labels[cache!.blocks]));
  // Engines write "None" before they have measured their memory.
  return sum(sizes.filter((size) => Number.isFinite(size) && size > 0));
}
