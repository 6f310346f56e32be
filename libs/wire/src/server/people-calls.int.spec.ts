import { goalSchema, makeQuestion, PraxisError, type Answer } from '@praxis/core';
import type { Closable } from '../client/caller.js';
import { connectPlanner } from '../client/connect-planner.js';
import type { OpenQuestion, PlannerApi, Schedule } from '../service-apis.js';
import type { ForkRequest, GcReport, Rollback } from '../history-requests.js';
import { startServer, type RunningServer } from './start-server.js';

const open: (RunningServer | Closable)[] = [];
async function pair(parts: Partial<PlannerApi>, deadlineMs = 10_000): Promise<PlannerApi & Closable> {
  const server = await startServer({ address: '127.0.0.1:0', services: { planner: parts as PlannerApi }, graceMs: 0 });
  const client = connectPlanner(server.address, { deadlineMs });
  open.push(client, server);
  return client;
}
afterEach(async () => {
  for (const thing of open.splice(0)) await ('stop' in thing ? thing.stop() : thing.close());
});

const action = { skill: 'pay', args: { to: 'shop', amount: 3 } };
const approval = makeQuestion({
  id: 'q-1',
  kind: 'approval',
  text: 'May I pay?',
  action,
  effect: 'irreversible',
  key: 'k',
  fingerprint: 'f',
  taint: ['web'],
  expiresAt: 9,
});
const approve: Answer = { verdict: 'approve', by: 'ann', reason: '', args: null, grant: null, value: null };

describe('questions and answers', () => {
  it('are listed as they were asked, and the answer comes to the planner as it was given', async () => {
    const waiting: OpenQuestion[] = [
      { run: 'r-1', title: 't', subgoal: 'r-1.1.1.1', question: approval, askedAt: 5, reminders: 1 },
    ];
    const seen: unknown[] = [];
    const client = await pair({
      questions: async (filter) => (seen.push(filter), waiting),
      answer: async (id, answer) => void seen.push(id, answer),
    });
    expect(await client.questions({ run: 'r-1', kind: 'approval' })).toEqual(waiting);
    const edit: Answer = { ...approve, verdict: 'edit', args: { to: 'shop', amount: 2 } };
    await client.answer('q-1', edit);
    expect(seen).toEqual([{ run: 'r-1', kind: 'approval' }, 'q-1', edit]);
  });

  it('are refused where the planner refuses, and where nobody knows which question is meant', async () => {
    const client = await pair({
      answer: () => Promise.reject(new PraxisError('conflict', 'The question q-1 is no longer open.')),
    });
    await expect(client.answer('q-1', approve)).rejects.toMatchObject({
      code: 'conflict',
      message: 'The question q-1 is no longer open.',
    });
    await expect(client.answer('', approve)).rejects.toMatchObject({
      code: 'invalid',
      message: 'The field answer.questionId is missing.',
    });
  });

  it('are not said twice by the client itself', async () => {
    let said = 0;
    const client = await pair({
      answer: () => Promise.reject(new PraxisError('unavailable', `The database is starting (${++said}).`)),
    });
    await expect(client.answer('q-1', approve)).rejects.toMatchObject({ code: 'unavailable' });
    expect(said).toBe(1);
  });
});

describe('what people do to runs', () => {
  it('is brought to the planner: pause, resume, fork and roll back', async () => {
    const seen: unknown[] = [];
    const taken: Rollback = {
      run: 'r-3',
      undone: [{ action, by: { skill: 'refund', args: { key: 'k' } } }],
      left: [{ action, why: 'It cannot be taken back.' }],
    };
    const client = await pair({
      pause: async (run, reason) => void seen.push(run, reason),
      resume: async (run) => void seen.push(run),
      fork: async (request) => (seen.push(request), 'r-2'),
      rollback: async (run) => (seen.push(run), taken),
    });
    const request: ForkRequest = {
      run: 'r-1',
      at: { subgoal: 'r-1.1.1.1', step: 0 },
      seed: '7',
      strategy: null,
      freshArchive: true,
      action,
    };
    await client.pause('r-1', 'lunch');
    await client.resume('r-1');
    expect(await client.fork(request)).toBe('r-2');
    expect(await client.fork({ ...request, at: { step: 3 }, seed: null, action: null })).toBe('r-2');
    expect(await client.rollback('r-1')).toEqual(taken);
    expect(seen).toEqual([
      'r-1',
      'lunch',
      'r-1',
      request,
      { ...request, at: { step: 3 }, seed: null, action: null },
      'r-1',
    ]);
  });

  it('may take long where it goes through everything: clearing away outlasts the deadline of other calls', async () => {
    const report: GcReport = {
      runs: ['r-1'],
      kept: ['r-2'],
      events: 3,
      blobs: 4,
      artifacts: 4,
      sessions: 5,
      bytesBefore: 6e10,
      bytesAfter: 7,
    };
    const seen: unknown[] = [];
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));
    const client = await pair(
      {
        collectGarbage: async (request) => (seen.push(request), await slow(), report),
        rollback: async () => (await slow(), { run: '', undone: [], left: [] }),
      },
      100,
    );
    expect(await client.collectGarbage({ maxAgeMs: null, maxBytes: 0, dryRun: true })).toEqual(report);
    expect(seen).toEqual([{ maxAgeMs: null, maxBytes: 0, dryRun: true }]);
    await expect(client.rollback('r-1')).rejects.toMatchObject({ code: 'timeout' });
  });

  it('may be said for later: schedules are put, listed and removed', async () => {
    const goal = goalSchema.parse({
      title: 't',
      world: 'w',
      budget: { tokens: 5, whenSpent: 'fail' },
      approvals: [{ decision: 'ask', effect: [] }],
      deadlineMs: 10,
    });
    const all: Schedule[] = [];
    const client = await pair({
      putSchedule: async (given) => (all.push({ ...given, createdAt: 1, nextAt: null, lastRun: 'r-1' }), all[0]!),
      schedules: async () => all,
      removeSchedule: async (id) => {
        if (all.pop()?.id !== id) throw new PraxisError('missing', `There is no schedule ${id}.`);
      },
    });
    const nightly = {
      id: 'nightly',
      goal,
      timing: { kind: 'cron' as const, cron: '0 3 * * *', timezone: 'Europe/Berlin' },
    };
    expect(await client.putSchedule(nightly)).toEqual({ ...nightly, createdAt: 1, nextAt: null, lastRun: 'r-1' });
    expect(await client.schedules()).toEqual(all);
    await client.removeSchedule('nightly');
    await expect(client.removeSchedule('nightly')).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no schedule nightly.',
    });
    await expect(client.putSchedule({ ...nightly, id: '' })).rejects.toMatchObject({
      message: 'The field schedule.id is missing.',
    });
  });
});
