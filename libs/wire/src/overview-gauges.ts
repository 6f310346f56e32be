import { standingOf } from './executor-standing.js';
import type { Overview } from './service-apis.js';

/** One number of an overview, under the name by which Prometheus knows it. */
export interface OverviewReading {
  readonly gauge:
    | 'praxis_runs'
    | 'praxis_tools'
    | 'praxis_executors'
    | 'praxis_questions'
    | 'praxis_queue_jobs'
    | 'praxis_queue_oldest_job_age_seconds';
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** An overview as numbers; without the queues where these are away. */
export function gaugesOf(
  { runs, tools, executors, queues, questions }: Overview,
  now: number,
): readonly OverviewReading[] {
  const standings = executors.map((e) => standingOf(e, now));
  return [
    ...Object.entries(runs).map(([status, value]) => reading('praxis_runs', value, { status })),
    ...Object.entries(tools).map(([trust, value]) => reading('praxis_tools', value, { trust })),
    ...['idle', 'busy', 'draining', 'gone'].map((state) =>
      reading('praxis_executors', standings.filter((s) => s === state).length, { state }),
    ),
    reading('praxis_questions', questions, {}),
    ...(queues ?? []).flatMap(({ queue, lane, waiting, active, delayed, oldestAt }) => {
      const labels = { queue, lane: lane ?? '' };
      const age = oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1000;
      return [
        ...Object.entries({ waiting, active, delayed }).map(([state, value]) =>
          reading('praxis_queue_jobs', value, { ...labels, state }),
        ),
        reading('praxis_queue_oldest_job_age_seconds', age, labels),
      ];
    }),
  ];
}

const reading = (
  gauge: OverviewReading['gauge'],
  value: number,
  labels: OverviewReading['labels'],
): OverviewReading => ({ gauge, value, labels });
