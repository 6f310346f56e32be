import { makeQuestion, type Answer, type StepEvent } from '@praxis/core';
import { MemoryPlanner } from './memory-planner.js';

const yes: Answer = { verdict: 'approve', by: 'ann', reason: '', args: null, grant: null, value: null };
const decided = (step: number): StepEvent => ({
  type: 'decided',
  id: `e${step}`,
  step,
  action: { skill: 'wait', args: { step } },
  why: '',
  origin: 'policy',
  taint: [],
});
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
const eventsOf = (planner: MemoryPlanner, run: string): Promise<readonly string[]> =>
  all(planner.exportRun(run)).then((lines) =>
    lines
      .slice(1)
      .map((l) => JSON.parse(l) as { stream: string; event: { type: string } })
      .map((e) => `${e.stream} ${e.event.type}`),
  );

describe('MemoryPlanner', () => {
  it('keeps questions open until they are answered, by whoever was asked', async () => {
    const planner = new MemoryPlanner();
    planner.accept('r-a', 'tea');
    planner.step('r-a', 'subgoal/r-a.1.1.1', {
      type: 'asked',
      id: 'e',
      question: makeQuestion({ id: 'q-1', kind: 'approval', text: '?' }),
    });
    expect(await planner.questions({ run: null, kind: null })).toMatchObject([
      { run: 'r-a', title: 'tea', subgoal: 'r-a.1.1.1', reminders: 0, question: { id: 'q-1' } },
    ]);
    expect((await planner.get('r-a')).summary.questions).toBe(1);
    await expect(planner.answer('q-1', { ...yes, verdict: 'grant' })).rejects.toMatchObject({ code: 'invalid' });
    await planner.answer('q-1', yes);
    expect(await planner.questions({ run: 'r-a', kind: null })).toEqual([]);
    expect((await planner.get('r-a')).summary.questions).toBe(0);
    await expect(planner.answer('q-1', yes)).rejects.toMatchObject({ code: 'conflict' });
    await expect(planner.answer('q-2', yes)).rejects.toMatchObject({ code: 'missing' });
  });

  it('holds a run back and lets it go on, but not one that has ended', async () => {
    const planner = new MemoryPlanner();
    planner.accept('r-a', 'tea');
    await planner.pause('r-a', 'lunch');
    await planner.pause('r-a', 'lunch');
    expect((await planner.get('r-a')).summary.status).toBe('paused');
    await planner.resume('r-a');
    expect(await eventsOf(planner, 'r-a')).toEqual(['run/r-a accepted', 'run/r-a paused', 'run/r-a resumed']);
    planner.happen('r-a', { type: 'ended', outcome: 'done', reason: '' });
    await expect(planner.pause('r-a', '')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('forks before a step, and clears the parent away only after the fork', async () => {
    const planner = new MemoryPlanner();
    planner.accept('r-a', 'tea');
    for (const step of [0, 1]) planner.step('r-a', 'subgoal/r-a.1.1.1', decided(step));
    planner.happen('r-a', { type: 'ended', outcome: 'done', reason: '' });
    const request = {
      run: 'r-a',
      at: { subgoal: 'r-a.1.1.1', step: 1 },
      seed: null,
      strategy: null,
      freshArchive: false,
      action: null,
    };
    const fork = await planner.fork(request);
    expect(await eventsOf(planner, fork)).toEqual([
      `run/${fork} accepted`,
      `subgoal/${fork}.1.1.1 decided`,
      `run/${fork} forked`,
    ]);
    await expect(planner.fork({ ...request, at: { step: 2 } })).rejects.toMatchObject({ code: 'missing' });
    expect(await planner.collectGarbage({ maxAgeMs: 0, maxBytes: null, dryRun: false })).toMatchObject({
      runs: [],
      kept: ['r-a'],
    });
    planner.happen(fork, { type: 'ended', outcome: 'done', reason: '' });
    const report = await planner.collectGarbage({ maxAgeMs: 0, maxBytes: null, dryRun: false });
    expect(report).toMatchObject({ runs: [fork], events: 4 });
    await expect(planner.get(fork)).rejects.toMatchObject({ code: 'missing' });
  });

  it('takes back what an ended run did by one run, however often it is asked', async () => {
    const planner = new MemoryPlanner();
    planner.accept('r-a', 'tea');
    planner.step('r-a', 'subgoal/r-a.1.1.1', decided(0));
    await expect(planner.rollback('r-a')).rejects.toMatchObject({ code: 'conflict' });
    planner.happen('r-a', { type: 'ended', outcome: 'done', reason: '' });
    const first = await planner.rollback('r-a');
    expect(first.left).toEqual([{ action: { skill: 'wait', args: { step: 0 } }, why: 'wait names no undo.' }]);
    expect(await planner.rollback('r-a')).toEqual(first);
  });

  it('takes in what another one gave out, and leaves a run that is here as it is', async () => {
    const [here, there] = [new MemoryPlanner(), new MemoryPlanner()];
    here.accept('r-a', 'tea');
    here.happen('r-a', { type: 'ended', outcome: 'failed', reason: 'no water' });
    expect(await there.importRun(here.exportRun('r-a'))).toBe('r-a');
    expect(await there.get('r-a')).toEqual(await here.get('r-a'));
    there.change('r-a', { reason: 'seen' });
    await there.importRun(here.exportRun('r-a'));
    expect((await there.get('r-a')).summary.reason).toBe('seen');
    const nonsense = async function* (): AsyncGenerator<string> {
      yield '{}';
    };
    await expect(there.importRun(nonsense())).rejects.toMatchObject({ code: 'invalid' });
  });
});
