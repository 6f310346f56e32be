import { createHash } from 'node:crypto';
import { makeRunId, type RunId } from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import { Advance } from '../advance.js';
import { PlannerService } from './planner-service.js';

let outside: Outside;
let rehearsal: Rehearsal;
let api: PlannerService;
let players: { readonly advance: Advance; readonly execute: Execute };
beforeAll(async () => {
  outside = new Outside();
  rehearsal = await Rehearsal.open(workshopSkills(outside));
  const parts = rehearsal.parts();
  api = new PlannerService(parts);
  players = { advance: new Advance(parts), execute: new Execute(parts) };
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const idOf = (key: string): RunId => makeRunId(createHash('sha256').update(key).digest());

/** The file of a run that was done here, made out to another id and sealed anew. */
async function forged(run: RunId, id: RunId): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of api.exportRun(run)) lines.push(line.replaceAll(run, id));
  const content = lines.slice(0, -1);
  const sha256 = createHash('sha256')
    .update(content.map((line) => `${line}\n`).join(''))
    .digest('hex');
  return [...content, JSON.stringify({ line: 'seal', lines: content.length, sha256 })];
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('an imported run', () => {
  it('is never the answer to a request whose key somebody knew beforehand', async () => {
    const run = await api.submit(workshopGoal('(sent cup)'), null);
    await rehearsal.play(players);
    expect((await api.get(run)).summary.status).toBe('done');
    const id = idOf('order-17');
    expect(await api.importRun(each(await forged(run, id)))).toBe(id);
    outside.did.length = 0;
    await expect(api.submit(workshopGoal('(sent cup)'), 'order-17')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('was imported'),
    });
    const other = await api.submit(workshopGoal('(sent cup)'), 'order-18');
    await rehearsal.play(players);
    expect((await api.get(other)).summary.status).toBe('done');
    expect(outside.did).toContain('(send ann cup)');
  });

  it('that was exported here stays what it is', async () => {
    const run = await api.submit(workshopGoal('(made plate)'), 'order-19');
    await rehearsal.play(players);
    const lines: string[] = [];
    for await (const line of api.exportRun(run)) lines.push(line);
    expect(await api.importRun(each(lines))).toBe(run);
    expect(await api.submit(workshopGoal('(made plate)'), 'order-19')).toBe(run);
  });
});
