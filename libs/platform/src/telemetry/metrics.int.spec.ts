import { spawnSync } from 'node:child_process';
import { lintMetrics } from '@praxis/testing';
import { createLogger } from '../process/log.js';
import { observeGauges } from './gauges.js';
import { measure } from './instruments.js';
import { serveMetrics } from './metrics-server.js';
import { METRICS_CONTENT_TYPE, metricsText, startMetrics, stopMetrics } from './metrics.js';

const log = createLogger({ level: 'silent', name: 'test' });

function measureEverything(): void {
  measure.run('done', 1_500);
  measure.plan('repair', 20);
  measure.step('reversible', 'not-applicable', 3);
  measure.append(2);
  measure.batch(7);
  measure.nodes('planning', 1234);
  measure.modelCall('actor', 'ok', 700);
  measure.modelTokens('actor', 321);
  measure.hints('advance', 2);
}

describe('metrics', () => {
  beforeEach(async () => {
    // What was measured before anybody listened is lost, and what is measured later is not.
    measureEverything();
    await startMetrics('1.2.3');
    measureEverything();
  });
  afterEach(() => stopMetrics());

  it('tell what was measured', async () => {
    const text = await metricsText();
    expect(text).toContain('praxis_search_nodes_total{purpose="planning"} 1234');
    expect(text).toContain('praxis_model_tokens_total{role="actor"} 321');
    expect(text).toContain('praxis_model_call_duration_seconds_bucket{role="actor",outcome="ok",le="1"} 1');
    expect(text).toContain('praxis_run_duration_seconds_sum{outcome="done"} 1.5');
    expect(text).toContain(
      'praxis_step_duration_seconds_bucket{effect="reversible",outcome="not-applicable",le="0.005"} 1',
    );
    expect(text).toContain('praxis_journal_append_batch_size_bucket{le="8"} 1');
    expect(text).toContain('praxis_build_info{version="1.2.3"} 1');
  });

  it('read the gauges when they are asked for, and go on without those that cannot be read', async () => {
    let value = 1;
    const forget = observeGauges(
      async () => [{ gauge: 'praxis_runs', value: value++, labels: { status: 'done' } }],
      log,
    );
    const forgetBroken = observeGauges(() => Promise.reject(new Error('away')), log);
    expect(await metricsText()).toContain('praxis_runs{status="done"} 1\n');
    expect(await metricsText()).toContain('praxis_runs{status="done"} 2\n');
    forget();
    forgetBroken();
    expect(await metricsText()).not.toContain('praxis_runs{');
  });

  it("stand up to the linters: ours, and Prometheus' own where it is installed", async () => {
    const forget = observeGauges(
      async () => [
        { gauge: 'praxis_runs', value: 1, labels: { status: 'done' } },
        { gauge: 'praxis_queue_jobs', value: 1, labels: { queue: 'execute', lane: 'default', state: 'waiting' } },
        { gauge: 'praxis_queue_oldest_job_age_seconds', value: 0.2, labels: { queue: 'execute', lane: 'default' } },
        { gauge: 'praxis_executors', value: 1, labels: { state: 'idle' } },
        { gauge: 'praxis_tools', value: 1, labels: { trust: 'active' } },
      ],
      log,
    );
    const text = await metricsText();
    forget();
    expect(lintMetrics(text)).toEqual([]);
    const promtool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    if (promtool.error) process.stderr.write('promtool is not installed: only our own linter looked\n');
    else expect({ code: promtool.status, said: promtool.stderr + promtool.stdout }).toEqual({ code: 0, said: '' });
  });

  it('are served at /metrics to whoever gets them, and nothing else is', async () => {
    const server = await serveMetrics({ address: '127.0.0.1:0', log });
    const ask = (path: string, method = 'GET'): Promise<Response> =>
      fetch(`http://${server.address}${path}`, { method });
    const answer = await ask('/metrics?x=1');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, METRICS_CONTENT_TYPE]);
    expect(await answer.text()).toContain('praxis_build_info');
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(405);
    await expect(serveMetrics({ address: server.address, log })).rejects.toMatchObject({ code: 'unavailable' });
    await server.stop();
  });
});
