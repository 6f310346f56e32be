import type { NodeSize } from '../model/node-rates.js';
import type { SimulatedAnswer } from '../model/sequence.js';
import type { SimulatedLoad } from '../model/simulated-load.js';
import type { FaultKind } from './faults.js';
import type { Finish } from './output.js';
import type { Usage } from './reply.js';

/** The buckets that vLLM has for these times, in seconds. */
const BUCKETS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2_560,
] as const;
const TIMES = {
  time_to_first_token_seconds: 'Time from the request to the first token of its answer, in model time.',
  request_queue_time_seconds: 'Time that requests waited for a slot, in model time.',
  e2e_request_latency_seconds: 'Time from the request to the end of its answer, in model time.',
} as const;
type TimeName = keyof typeof TIMES;

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Counts what a node does, and tells it in Prometheus' format under the names of vLLM. */
export class Tally {
  requests = 0;
  aborted = 0;
  failed = 0;
  readonly tokens = { input: 0, cached: 0, output: 0 };
  readonly finished: Record<Finish, number> = { stop: 0, length: 0, tool_calls: 0 };
  readonly faults: Partial<Record<FaultKind, number>> = {};
  readonly #times: Record<TimeName, Histogram>;

  constructor() {
    const empty = (): Histogram => ({ counts: BUCKETS.map(() => 0), sum: 0, count: 0 });
    this.#times = {
      time_to_first_token_seconds: empty(),
      request_queue_time_seconds: empty(),
      e2e_request_latency_seconds: empty(),
    };
  }

  meet(fault: FaultKind): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
  }

  finish(finish: Finish, usage: Usage, times: SimulatedAnswer): void {
    this.finished[finish]++;
    this.count(usage);
    this.#observe('time_to_first_token_seconds', times.firstTokenMs);
    this.#observe('request_queue_time_seconds', times.queuedMs);
    this.#observe('e2e_request_latency_seconds', times.totalMs);
  }

  count({ input, cached, output }: Usage): void {
    this.tokens.input += input;
    this.tokens.cached += cached;
    this.tokens.output += output;
  }

  /** What `GET /metrics` says. */
  exposition(model: string, load: SimulatedLoad, size: NodeSize): string {
    const labels = `model_name="${model.replace(/["\\\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}",engine="0"`;
    const one = (name: string, type: string, help: string, value: number): string =>
      `${head(name, type, help)}vllm:${name}{${labels}} ${value}\n`;
    const reasons = [
      ['stop', this.finished.stop + this.finished.tool_calls],
      ['length', this.finished.length],
      ['abort', this.aborted],
    ] as const;
    const blocks = Math.floor(size.cacheTokens / size.blockTokens);
    return [
      one('num_requests_running', 'gauge', 'Requests in the batch.', load.running),
      one('num_requests_waiting', 'gauge', 'Requests that wait for a slot or for memory.', load.waiting),
      one(
        'kv_cache_usage_perc',
        'gauge',
        'Share of the memory for keys and values in use; 1 is all of it.',
        load.kvUse,
      ),
      one(
        'prefix_cache_queries_total',
        'counter',
        'Tokens of prompts that were looked up in the prefix cache.',
        load.queries,
      ),
      one('prefix_cache_hits_total', 'counter', 'Tokens of prompts that the prefix cache had.', load.hits),
      one('prompt_tokens_total', 'counter', 'Tokens of prompts of answered requests.', this.tokens.input),
      one('generation_tokens_total', 'counter', 'Tokens of answers.', this.tokens.output),
      `${head('request_success_total', 'counter', 'Requests that are over, by how they ended.')}${reasons.map(([reason, n]) => `vllm:request_success_total{${labels},finished_reason="${reason}"} ${n}\n`).join('')}`,
      ...(Object.keys(TIMES) as TimeName[]).map((name) => this.#histogram(name, labels)),
      `${head('cache_config_info', 'gauge', 'How the memory is divided.')}vllm:cache_config_info{${labels},block_size="${size.blockTokens}",num_gpu_blocks="${blocks}"} 1\n`,
    ].join('');
  }

  #observe(name: TimeName, ms: number): void {
    const seconds = ms / 1_000;
    const histogram = this.#times[name];
    histogram.sum += seconds;
    histogram.count++;
    for (const [i, most] of BUCKETS.entries()) if (seconds <= most) histogram.counts[i]!++;
  }

  #histogram(name: TimeName, labels: string): string {
    const { counts, sum, count } = this.#times[name];
    const lines = BUCKETS.map((most, i) => `vllm:${name}_bucket{${labels},le="${most}"} ${counts[i]}\n`);
    return `${head(name, 'histogram', TIMES[name])}${lines.join('')}vllm:${name}_bucket{${labels},le="+Inf"} ${count}\nvllm:${name}_sum{${labels}} ${sum}\nvllm:${name}_count{${labels}} ${count}\n`;
  }
}

function head(name: string, type: string, help: string): string {
  return `# HELP vllm:${name} ${help}\n# TYPE vllm:${name} ${type}\n`;
}
