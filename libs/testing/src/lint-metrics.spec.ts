import { lintMetrics } from './lint-metrics.js';

const family = (name: string, type: string, ...samples: string[]): string =>
  [`# HELP ${name} Something.`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n');

describe('lintMetrics', () => {
  it.each([
    ['a gauge in seconds', family('a_seconds', 'gauge', 'a_seconds{queue="advance"} 3')],
    ['a counter', family('a_total', 'counter', 'a_total 3')],
    [
      'a histogram',
      family('a_seconds', 'histogram', 'a_seconds_bucket{le="+Inf"} 1', 'a_seconds_sum 1', 'a_seconds_count 1'),
    ],
  ])('passes %s', (_what, text) => expect(lintMetrics(text)).toEqual([]));

  it.each([
    ['a name without unit', family('a_latency', 'gauge', 'a_latency 3'), /unit/],
    ['milliseconds', family('a_ms_seconds', 'gauge'), /base units/],
    ['camel case', family('aTotal_seconds', 'gauge'), /snake case/],
    ['a counter without _total', family('a_seconds', 'counter'), /_total/],
    ['a gauge with it', family('a_total', 'gauge'), /_total/],
    ['a run as label', family('a_total', 'counter', 'a_total{run="r-3f9k2m7q1c"} 1'), /unbounded/],
    ['a sample of nothing', 'a_seconds 1\n', /no TYPE/],
    ['no HELP', '# TYPE a_seconds gauge\na_seconds 1\n', /no HELP/],
    ['a series twice', family('a_seconds', 'gauge', 'a_seconds{x="1"} 1', 'a_seconds{x="1"} 2'), /twice/],
  ])('refuses %s', (_what, text, complaint) => expect(lintMetrics(text).join('\n')).toMatch(complaint));
});
