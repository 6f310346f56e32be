import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStart } from '@praxis/platform';
import { chooseAddresses, claimRunning, readRunning, removeRunning, writeRunning } from './running-file.js';

const SERVICES = { planner: '127.0.0.1:1', executor: '127.0.0.1:2', archive: '127.0.0.1:3' };
const AT = { ...SERVICES, dashboard: 'http://127.0.0.1:4' };
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'praxis-running-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the running file', () => {
  it('is found by other processes while the one that wrote it lives', () => {
    writeRunning(join(dir, 'new'), { ...AT, pid: process.pid });
    expect(readRunning(join(dir, 'new'))).toEqual({ ...AT, pid: process.pid, started: processStart(process.pid) });
  });

  it('is ignored when its process is dead', () => {
    writeRunning(dir, { ...AT, pid: 4_194_000 });
    expect(readRunning(dir, () => false)).toBeNull();
  });

  it('may have been written by a Praxis without a dashboard', () => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify({ ...SERVICES, pid: process.pid }));
    expect(readRunning(dir)).toEqual({ ...SERVICES, dashboard: null, pid: process.pid, started: null });
  });

  it('is ignored when it is missing or damaged', () => {
    expect(readRunning(dir)).toBeNull();
    writeFileSync(join(dir, 'running.json'), '{"planner":');
    expect(readRunning(dir)).toBeNull();
  });

  it('is not taken away from another process that took over', () => {
    writeRunning(dir, { ...AT, pid: process.pid });
    removeRunning(dir, process.pid + 1);
    expect(readRunning(dir)).not.toBeNull();
    removeRunning(dir, process.pid);
    expect(readRunning(dir)).toBeNull();
  });
});

describe('chooseAddresses', () => {
  const defaults = { planner: 'd:1', executor: 'd:2', archive: 'd:3' };

  it('prefers what runs here to the defaults', () => {
    expect(chooseAddresses(defaults, () => false, SERVICES)).toEqual(SERVICES);
    expect(chooseAddresses(defaults, () => false, null)).toEqual(defaults);
  });

  it('lets an address that the user set win, one by one', () => {
    expect(chooseAddresses(defaults, (key) => key === 'planner.address', SERVICES)).toEqual({
      ...SERVICES,
      planner: 'd:1',
    });
  });
});

describe('claimRunning', () => {
  const never = (): Promise<boolean> => Promise.resolve(false);
  const always = (): Promise<boolean> => Promise.resolve(true);
  /** A process that lives, and what it would have written. */
  const other = { pid: process.ppid, started: processStart(process.ppid) };

  it('is shown to others only when the services run', async () => {
    await claimRunning(join(dir, 'new'), always);
    expect(readRunning(join(dir, 'new'))).toBeNull();
    writeRunning(join(dir, 'new'), { ...AT, pid: process.pid });
    expect(readRunning(join(dir, 'new'))).toMatchObject(AT);
  });

  it('is refused while another process is starting, before anything of it answers', async () => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify(other));
    await expect(claimRunning(dir, never)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Praxis already runs here/),
    });
  });

  it('is refused while another one runs, and taken over from one that does not answer', async () => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify({ ...AT, ...other }));
    await expect(claimRunning(dir, always)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Praxis already runs here/),
    });
    await claimRunning(dir, never);
    expect(JSON.parse(readFileSync(join(dir, 'running.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is taken over from a dead process whose number another program got', async () => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify({ ...other, started: '1' }));
    await claimRunning(dir, always);
    expect(JSON.parse(readFileSync(join(dir, 'running.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('goes to one of many processes that start at the same moment', async () => {
    const script = `const { claimRunning } = await import(${JSON.stringify(new URL('../../dist/compose/running-file.js', import.meta.url).href)});
      await claimRunning(${JSON.stringify(dir)}, async () => true).then(() => console.log('mine'), (e) => console.log(e.code));
      process.stdin.on('data', () => process.exit());`;
    const all = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const said = await Promise.all(all.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()));
    for (const child of all) child.stdin.write('\n');
    expect(said.sort()).toEqual(['conflict', 'conflict', 'conflict', 'mine']);
  });
});
