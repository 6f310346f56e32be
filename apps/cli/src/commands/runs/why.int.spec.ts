import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type ExplainRequest, type Explanation, type PlannerApi, type RunningServer } from '@praxis/wire';
import { runCommandLine } from '../../command-line.js';

const told: Explanation = {
  decision: {
    number: 1,
    subgoal: 'r-1.1.1.1',
    step: 0,
    action: { skill: 'go', args: { who: 'ann' } },
    why: 'it is near',
    origin: 'search',
    taint: [],
  },
  planning: null,
  thoughts: [],
};
let dir: string;
let server: RunningServer;
let seen: ExplainRequest[];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'praxis-why-'));
  server = await startServer({
    address: '127.0.0.1:0',
    services: { planner: { explain: async (request: ExplainRequest) => (seen.push(request), told) } as PlannerApi },
    graceMs: 0,
  });
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function type(...args: readonly string[]) {
  let out = '';
  let err = '';
  const env = { PRAXIS_PLANNER_ADDRESS: server.address, PRAXIS_DATA_DIR: dir };
  const code = await runCommandLine({
    args: ['why', ...args],
    env,
    cwd: dir,
    stdout: { write: (t: string) => (out += t) },
    stderr: { write: (t: string) => (err += t) },
  });
  return { code, out, err };
}

describe('praxis why', () => {
  it('asks for what was typed: a step, a step of a subgoal, a plan, the latest plan, with the conversation', async () => {
    for (const args of [['1'], ['r-1.1.1.1:0'], ['--plan', '2'], ['--plan'], ['1', '--prompt']])
      expect(await type('r-1', ...args)).toMatchObject({ code: 0, err: '' });
    const asked = { run: 'r-1', prompts: false };
    expect(seen).toEqual([
      { ...asked, at: { step: 1 } },
      { ...asked, at: { subgoal: 'r-1.1.1.1', step: 0 } },
      { ...asked, at: { plan: 2 } },
      { ...asked, at: { plan: null } },
      { run: 'r-1', prompts: true, at: { step: 1 } },
    ]);
  });

  it('prints text for people and JSON for scripts', async () => {
    expect((await type('r-1', '1')).out).toBe(
      'step 1     (go ann)\nin         r-1.1.1.1, its step 0\nchosen by  search; no model was asked for it\nbecause    it is near\n\nNothing was thought before it.\n',
    );
    expect(JSON.parse((await type('r-1', '1', '--json')).out)).toEqual(told);
  });

  it.each([
    [[], 'praxis show r-1 --steps'],
    [['last'], 'SUBGOAL:STEP'],
    [['1', '--plan', '2'], 'one at a time'],
    [['--plan', '0'], 'from 1 on'],
  ])('takes %p for a mistake in usage', async (args, hint) => {
    expect(await type('r-1', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(hint) });
    expect(seen).toEqual([]);
  });
});
