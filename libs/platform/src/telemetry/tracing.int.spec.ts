import { PassThrough } from 'node:stream';
import { PraxisError } from '@praxis/core';
import { startOtlpReceiver, type OtlpReceiver } from '@praxis/testing';
import { createLogger } from '../process/log.js';
import { freePort } from '../server/ports.js';
import { attemptSpan, isKept, reflectSpan, runSpan, subgoalSpan, traceIdOf } from './span-ids.js';
import { leaf, within, writeLeaf, writeSpan } from './spans.js';
import { isTracing, startTracing, type TraceOptions } from './tracing.js';

const RUN = 'r-3f9k2m7q1c';
const SUBGOAL = `${RUN}.1.2.1`;

function listen(): { readonly log: ReturnType<typeof createLogger>; readonly lines: () => Record<string, unknown>[] } {
  const out = new PassThrough();
  return {
    log: createLogger({ level: 'debug', name: 'test' }, out),
    lines: () =>
      String(out.read() ?? '')
        .split('\n')
        .filter(Boolean)
        .map((l) => JSON.parse(l) as Record<string, unknown>),
  };
}

describe('tracing', () => {
  let receiver: OtlpReceiver;
  const { log, lines } = listen();
  const options = (): TraceOptions => ({
    endpoint: receiver.endpoint,
    sampleRatio: 1,
    service: 'praxis-test',
    instance: 'here-1',
    version: '1.2.3',
    log,
  });
  const times = { startedAt: 1_700_000_000_000, endedAt: 1_700_000_000_250 };

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
  });
  afterEach(() => receiver.stop());

  // spans.1–2
  it('sends spans with the ids that the journal gives, leaves below them, and all of it before the process ends', async () => {
    const stop = await startTracing(options());
    await within(
      () => subgoalSpan(SUBGOAL),
      () => leaf('outer', { 'praxis.x': 1 }, () => leaf('inner', {}, async (note) => note({ 'praxis.y': ['a', 'b'] }))),
    );
    writeLeaf(reflectSpan(SUBGOAL), { ...times, name: 'wait', attributes: {} });
    writeSpan(runSpan(RUN), { ...times, name: 'run', attributes: { 'praxis.share': 0.5, 'praxis.ok': true } });
    writeSpan(attemptSpan(SUBGOAL, 7), {
      ...times,
      name: 'attempt',
      attributes: {},
      failure: 'cut-off',
      links: [attemptSpan(SUBGOAL, 0)],
    });
    await stop();
    const span = (name: string): (typeof receiver.spans)[number] => receiver.spans.find((s) => s.name === name)!;
    expect(span('run')).toMatchObject({
      traceId: traceIdOf(RUN),
      spanId: runSpan(RUN).spanId,
      parentId: null,
      service: 'praxis-test',
      failed: false,
      attributes: { 'praxis.share': 0.5, 'praxis.ok': true },
    });
    expect(span('run')).toMatchObject({
      startedAt: BigInt(times.startedAt) * 1_000_000n,
      endedAt: BigInt(times.endedAt) * 1_000_000n,
    });
    // A leaf has no children, not even where one happens inside of the other.
    expect(span('outer')).toMatchObject({ parentId: subgoalSpan(SUBGOAL).spanId, attributes: { 'praxis.x': 1 } });
    expect(span('inner')).toMatchObject({
      parentId: subgoalSpan(SUBGOAL).spanId,
      attributes: { 'praxis.y': ['a', 'b'] },
    });
    expect(span('wait')).toMatchObject({ traceId: traceIdOf(RUN), parentId: reflectSpan(SUBGOAL).spanId });
    expect(span('attempt')).toMatchObject({
      ...{ spanId: attemptSpan(SUBGOAL, 7).spanId, failed: true },
      attributes: { 'error.type': 'cut-off' },
      links: [{ traceId: traceIdOf(RUN), spanId: attemptSpan(SUBGOAL, 0).spanId }],
    });
    expect(isTracing()).toBe(false);
  });

  it('takes an endpoint that names the path of traces already', async () => {
    const stop = await startTracing({ ...options(), endpoint: `${receiver.endpoint}/v1/traces/` });
    writeSpan(runSpan(RUN), { ...times, name: 'run', attributes: {} });
    await stop();
    expect(receiver.spans).toHaveLength(1);
  });

  it('passes errors on, with their code in the span and their message nowhere', async () => {
    const stop = await startTracing(options());
    const failing = within(
      () => runSpan(RUN),
      () => leaf('failing', {}, () => Promise.reject(new PraxisError('conflict', 'secret words'))),
    );
    await expect(failing).rejects.toMatchObject({ code: 'conflict' });
    await stop();
    expect(receiver.spans).toMatchObject([{ name: 'failing', failed: true, attributes: { 'error.type': 'conflict' } }]);
  });

  it('gives log lines the ids of the run and its trace, once each (spans.3)', async () => {
    const stop = await startTracing(options());
    lines();
    within(
      () => runSpan(RUN),
      () => {
        log.info('plain');
        log.child({ run: RUN }).info('named');
      },
    );
    log.info('outside');
    await stop();
    const [plain, named, outside] = lines();
    expect(plain).toMatchObject({ run: RUN, trace: traceIdOf(RUN), span: runSpan(RUN).spanId });
    expect(named).toMatchObject({ run: RUN, trace: traceIdOf(RUN) });
    expect(outside).not.toHaveProperty('trace');
    expect(outside).not.toHaveProperty('run');
  });

  it('sends nothing of a run that is not kept, whose log lines have its ids all the same', async () => {
    const stop = await startTracing({ ...options(), sampleRatio: 0.5 });
    const [kept, dropped] = [true, false].map((wanted) =>
      Array.from({ length: 100 }, (_, i) => `r-${i}`).find((r) => isKept(traceIdOf(r), 0.5) === wanted)!,
    ) as [string, string];
    lines();
    for (const run of [kept, dropped]) {
      await within(
        () => runSpan(run),
        () => leaf('leaf', {}, async () => log.info('said')),
      );
      writeSpan(runSpan(run), { ...times, name: 'run', attributes: {} });
    }
    await stop();
    expect(new Set(receiver.spans.map((s) => s.traceId))).toEqual(new Set([traceIdOf(kept)]));
    expect(receiver.spans).toHaveLength(2);
    expect(lines().map((l) => l['trace'])).toEqual([traceIdOf(kept), traceIdOf(dropped)]);
  });

  it('does not disturb the work when nobody takes the spans, says so once, and ends', async () => {
    lines();
    const stop = await startTracing({ ...options(), endpoint: `http://me:hunter2@127.0.0.1:${await freePort()}` });
    for (let i = 0; i < 3; i++)
      expect(
        await within(
          () => runSpan(RUN),
          () => leaf('leaf', {}, async () => i),
        ),
      ).toBe(i);
    await stop();
    const said = lines();
    expect(said.length).toBeLessThanOrEqual(1);
    expect(JSON.stringify(said)).not.toContain('hunter2');
  });
});
