import { type Action, type ArtifactRef, type Observation, type WorldSession } from '@praxis/core';
import { describeWorld } from '../../../testing/src/contracts/world.contract.js';
import { MemoryArtifacts } from '../memory-artifacts.js';
import { MemorySessions } from '../memory-sessions.js';
import { WorkspaceWorld } from './workspace-world.js';

describeWorld(
  'the world workspace',
  async () => ({
    world: new WorkspaceWorld({ sessions: new MemorySessions(), artifacts: new MemoryArtifacts() }),
  }),
  {
    lacks: ['legal', 'rules', 'scenarios'],
    // It opens empty, and has no goal of its own.
    notShown: [
      'environment.8 check knows facts, negations and conjunctions, and names what does not hold',
      'the goal of the scenario is reached by acting',
    ],
  },
);

const setup = () => {
  const [sessions, artifacts] = [new MemorySessions(), new MemoryArtifacts()];
  const put = (name: string, text: string, mediaType = 'text/plain'): Promise<ArtifactRef> =>
    artifacts.put(new TextEncoder().encode(text), { name, mediaType });
  return { sessions, artifacts, put, world: new WorkspaceWorld({ sessions, artifacts }) };
};
const open = { scenario: '', problem: null, seed: '1', sessionId: 's' };
let keys = 0;
const act = (session: WorldSession, skill: string, args: Action['args']): Promise<Observation> =>
  session.act({ skill, args }, `key-${keys++}`);
const valueOf = async (observation: Promise<Observation>): Promise<unknown> => {
  const { result } = await observation;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.output?.value;
};

describe('WorkspaceWorld', () => {
  it('opens with the files of a goal, under their names, and with a fact for each', async () => {
    const { world, put } = setup();
    const files = [await put('sales.csv', 'a,b\n1,2\n', 'text/csv'), await put('./rules/My rules.yaml', '[]')];
    const session = await world.open({ ...open, files });
    expect(await session.observe()).toEqual({
      facts: ['(file rules/My%20rules.yaml)', '(file sales.csv)'],
      numbers: {},
    });
    expect(await session.files!.find('sales.csv')).toEqual(files[0]);
    expect(await session.files!.find('nothing')).toBeNull();
    expect((await session.files!.list()).map(({ name }) => name)).toEqual(['rules/My rules.yaml', 'sales.csv']);
  });

  it('refuses files that are not stored, share a name, or have a name that leads out of the folder (workspace.1)', async () => {
    const { world, put } = setup();
    const file = await put('a', 'x');
    const opening = (files: readonly ArtifactRef[]) => world.open({ ...open, files });
    await expect(opening([{ ...file, $artifact: '0'.repeat(64) }])).rejects.toMatchObject({ code: 'invalid' });
    await expect(opening([{ ...file, size: 7 }])).rejects.toThrow('7 bytes');
    await expect(opening([{ ...file, name: '../a' }])).rejects.toThrow('leads out');
    await expect(opening([file, await put('a', 'y')])).rejects.toThrow('Two different files are called a');
    await expect(opening([file, await put('a/b', 'y')])).rejects.toThrow('a file and of a folder');
  });

  it('gives one session for one id, and refuses another seed or other files under it', async () => {
    const { world, put } = setup();
    const files = [await put('a', 'x')];
    const session = await world.open({ ...open, files });
    await act(session, 'files.write', { path: 'b', text: 'y' });
    expect((await (await world.open({ ...open, files })).observe()).facts).toEqual(['(file a)', '(file b)']);
    await expect(world.open(open)).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.open({ ...open, files, seed: '2' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('refuses a scenario and a planning problem', async () => {
    const { world } = setup();
    await expect(world.open({ ...open, scenario: 'breakfast-a' })).rejects.toMatchObject({ code: 'missing' });
    const problem = { domain: '(define (domain d))', problem: '(define (problem p))' };
    await expect(world.open({ ...open, problem })).rejects.toMatchObject({ code: 'invalid' });
    await expect(world.admit({ ...open, condition: '(and (file' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('keeps the case of paths; a condition in lower case fits, one in another case does not', async () => {
    const { world } = setup();
    const session = await world.open(open);
    await act(session, 'files.write', { path: 'README.md', text: '' });
    const holds = async (condition: string) => (await session.check(condition)).holds;
    expect(await holds('(file README.md)')).toBe(true);
    expect(await holds('(file readme.md)')).toBe(true);
    expect(await holds('(file Readme.md)')).toBe(false);
    expect(await holds('(not (file readme.md))')).toBe(false);
    expect(await holds('(imply (file x) (file y))')).toBe(true);
    expect(await holds('(or)')).toBe(false);
    expect(await holds('(or (file x) (and (file README.md) (not (have z))))')).toBe(true);
    for (const text of ['(forall (?x) (file ?x))', '(>= (size) 1)', '(file ?x)', 'file', '(and (file a)'])
      await expect(holds(text)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('records what a skill outside of it has made, deletions, facts and the sources of files', async () => {
    const { world, put } = setup();
    const session = await world.open({ ...open, files: [await put('old', 'x')] });
    const page = await put('page.html', '<p>', 'text/html');
    const record = (args: Action['args']) => act(session, 'workspace.record', args);
    const first = {
      files: [page],
      deleted: ['old'],
      facts: ['(have page)', '(file lie)'],
      taint: ['http:shop.example'],
    };
    expect((await record(first)).result).toMatchObject({ ok: true });
    expect((await session.observe()).facts).toEqual(['(file page.html)', '(have page)']);
    await act(session, 'files.copy', { from: 'page.html', to: 'copy.html' });
    await act(session, 'files.move', { from: 'copy.html', to: 'there/copy.html' });
    const read = await act(session, 'files.read', { path: 'there/copy.html' });
    expect(read.result).toMatchObject({ output: { taint: ['http:shop.example'], value: { text: '<p>' } } });
    await record({ facts: ['(not  (have page))'] });
    expect((await session.observe()).facts).not.toContain('(have page)');
    expect((await record({ facts: ['have page'] })).result).toMatchObject({ code: 'invalid-args' });
    expect((await record({ files: [{ ...page, size: 9 }] })).result).toMatchObject({ code: 'invalid-args' });
    expect((await world.describe()).skills.map(({ name }) => name)).not.toContain('workspace.record');
  });

  it('takes a snapshot that is one hash, equal for equal contents, and goes back to it', async () => {
    const { world } = setup();
    const session = await world.open(open);
    const empty = await session.snapshots!.take();
    expect(empty).toMatch(/^workspace:[0-9a-f]{64}$/);
    await act(session, 'files.write', { path: 'a', text: 'x' });
    const full = await session.snapshots!.take();
    await session.snapshots!.restore(empty);
    expect((await session.observe()).facts).toEqual([]);
    await act(session, 'files.write', { path: 'a', text: 'x' });
    expect(await session.snapshots!.take()).toBe(full);
    const clone = await session.snapshots!.clone!(empty, '2');
    await act(clone, 'files.write', { path: 'b', text: 'x' });
    expect((await session.observe()).facts).toEqual(['(file a)']);
    await expect(session.snapshots!.restore(`workspace:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('gives the recorded answer to a key after a restore as before it (environment.1)', async () => {
    const { world } = setup();
    const session = await world.open(open);
    const write: Action = { skill: 'files.write', args: { path: 'a', text: 'x' } };
    const empty = await session.snapshots!.take();
    const given = await session.act(write, 'k');
    await session.snapshots!.restore(empty);
    expect(await session.act(write, 'k')).toEqual(given);
    expect((await session.observe()).facts).toEqual([]);
  });

  it('does nothing where it was cancelled before, and leaves the key free', async () => {
    const { world } = setup();
    const session = await world.open(open);
    const write: Action = { skill: 'files.write', args: { path: 'a', text: 'x' } };
    const { result } = await session.act(write, 'k', AbortSignal.abort());
    expect(result).toMatchObject({ ok: false, code: 'cancelled' });
    expect((await session.act(write, 'k')).result.ok).toBe(true);
  });

  it('lets many act at once without losing an action (workspace.2)', async () => {
    const { sessions, artifacts } = setup();
    const worlds = [0, 1].map(() => new WorkspaceWorld({ sessions, artifacts }));
    const opened = await Promise.all(worlds.map((world) => world.open(open)));
    const writes = Array.from({ length: 40 }, (_, i) =>
      valueOf(act(opened[i % 2]!, 'files.write', { path: `f${i}`, text: String(i) })),
    );
    await Promise.all(writes);
    expect((await opened[0]!.observe()).facts).toHaveLength(40);
  });

  it('takes no harm where an action is repeated after its answer was forgotten (workspace.3)', async () => {
    const { world } = setup();
    const session = await world.open(open);
    const written = (await valueOf(act(session, 'files.write', { path: 'a', text: 'x' }))) as { sha256: string };
    const move = { from: 'a', to: 'b', sha256: written.sha256 };
    expect(await valueOf(act(session, 'files.move', move))).toEqual(move);
    const { facts } = await session.observe();
    expect(await valueOf(act(session, 'files.move', move))).toEqual(move);
    expect((await session.observe()).facts).toEqual(facts);
  });

  it('plans moves by rules without moving, names clashes, and compares afterwards', async () => {
    const { world, put } = setup();
    const names = ['in/2024-a.csv', 'in/2025-a.csv', 'in/note.txt', 'in/pic.png', 'keep/x.csv'];
    const files = await Promise.all(names.map((name) => put(name, name)));
    const session = await world.open({ ...open, files });
    const rules =
      '- { match: { regex: "^in/(\\\\d+)-(?<who>.*)$" }, to: "{1}/{who}" }\n- { match: "**/*.txt", to: "a.csv" }';
    const planned = (await valueOf(act(session, 'files.plan-moves', { rules, to: 'out' }))) as {
      moves: { from: string; to: string; sha256: string }[];
    };
    expect(planned).toMatchObject({ clashes: [], unmatched: ['in/pic.png', 'keep/x.csv'] });
    expect(planned.moves.map(({ to }) => to)).toEqual(['out/2024/a.csv', 'out/2025/a.csv', 'out/a.csv']);
    const clash = {
      rules: [
        { match: 'in/*.csv', to: 'keep/x.csv' },
        { match: '**', to: 'in/{name}/x' },
      ],
    };
    expect(await valueOf(act(session, 'files.plan-moves', clash))).toMatchObject({
      clashes: [{ from: 'in/2024-a.csv' }, { from: 'in/2025-a.csv' }],
    });
    const expected = planned.moves;
    const compare = () => valueOf(act(session, 'files.compare', { expected }));
    expect(await compare()).toMatchObject({ missing: expected.map(({ to }) => to), left: expected.map((m) => m.from) });
    for (const move of expected) await valueOf(act(session, 'files.move', { ...move }));
    expect(await compare()).toEqual({ missing: [], different: [], left: [] });
  });

  it('stops a regular expression that would take for ever', async () => {
    const { world, put } = setup();
    const session = await world.open({ ...open, files: [await put('a'.repeat(200), 'x')] });
    const rules = [{ match: { regex: '^(a+)+$b' }, to: 'c' }];
    expect((await act(session, 'files.plan-moves', { rules })).result).toMatchObject({ code: 'invalid-args' });
  });
});
