import { metrics, type Counter, type Histogram, type Meter, type MeterProvider } from '@opentelemetry/api';

/** Waits and work of a process, from a fraction of a millisecond to a minute. */
const SHORT = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Searches and whole runs, up to an hour. */
const LONG = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000];

/**
 * What is made of a meter is made when it is first used: before a provider is registered the interface hands out
 * instruments that measure nothing, for ever.
 */
function late<I>(make: (meter: Meter) => I): () => I {
  let owner: MeterProvider | null = null;
  let made: I;
  return () => {
    const provider = metrics.getMeterProvider();
    if (owner !== provider) {
      owner = provider;
      made = make(provider.getMeter('praxis'));
    }
    return made;
  };
}

const histogram = (name: string, description: string, explicitBucketBoundaries: number[]): (() => Histogram) =>
  late((meter) => meter.createHistogram(name, { description, advice: { explicitBucketBoundaries } }));
const counter = (name: string, description: string): (() => Counter) =>
  late((meter) => meter.createCounter(name, { description }));

const runs = histogram('praxis_run_duration_seconds', 'Time from a goal being accepted to the end of its run.', LONG);
const plans = histogram('praxis_plan_duration_seconds', 'Time that making one version of a plan took.', LONG);
const steps = histogram('praxis_step_duration_seconds', 'Time that an action took in its world.', SHORT);
const appends = histogram(
  'praxis_journal_append_duration_seconds',
  'Time from asking for an append to its commit.',
  SHORT,
);
const batches = histogram('praxis_journal_append_batch_size', 'Appends that shared one transaction.', SIZES);
const nodes = counter('praxis_search_nodes_total', 'States that searches evaluated.');
const modelCalls = histogram(
  'praxis_model_call_duration_seconds',
  'Time that a call of a model took, with every try.',
  LONG,
);
const modelTokens = counter('praxis_model_tokens_total', 'Tokens that models worked on, in and out.');
const hints = counter('praxis_sweep_hints_total', 'Jobs that the sweep added because nothing moved.');

/** What services measure; each is a no-op until metrics are started. Labels take few values: never ids, never texts. */
export const measure = {
  run: (outcome: string, milliseconds: number): void => runs().record(milliseconds / 1000, { outcome }),
  plan: (reason: string, milliseconds: number): void => plans().record(milliseconds / 1000, { reason }),
  step: (effect: string, outcome: string, milliseconds: number): void =>
    steps().record(milliseconds / 1000, { effect, outcome }),
  append: (milliseconds: number): void => appends().record(milliseconds / 1000),
  batch: (size: number): void => batches().record(size),
  nodes: (purpose: SearchPurpose, evaluated: number): void => nodes().add(evaluated, { purpose }),
  modelCall: (role: string, outcome: string, milliseconds: number): void =>
    modelCalls().record(milliseconds / 1000, { role, outcome }),
  modelTokens: (role: string, tokens: number): void => modelTokens().add(tokens, { role }),
  hints: (queue: string, added: number): void => hints().add(added, { queue }),
};

/** What a search was for. */
export type SearchPurpose = 'planning' | 'acting' | 'trial';
