import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAddresses, readRunning, removeRunning, writeRunning } from './running-file.js';

const SERVICES = { planner: '127.0.0.1:1', executor: '127.0.0.1:2', archive: '127.0.0.1:3' };
const AT = { ...SERVICES, dashboard: 'http://127.0.0.1:4' };
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'praxis-running-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the running file', () => {
  it('is found by other processes while the one that wrote it lives', () => {
    writeRunning(join(dir, 'new'), { ...AT, pid: process.pid });
    expect(readRunning(join(dir, 'new'))).toEqual({ ...AT, pid: process.pid });
  });

  it('is ignored when its process is dead', () => {
    writeRunning(dir, { ...AT, pid: 4_194_000 });
    expect(readRunning(dir, () => false)).toBeNull();
  });

  it('may have been written by a Praxis without a dashboard', () => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify({ ...SERVICES, pid: process.pid }));
    expect(readRunning(dir)).toEqual({ ...SERVICES, dashboard: null, pid: process.pid });
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
    expect(chooseAddresses(defaults, (key) => key === 'planner.address', SERVICES)).toEqual({ ...SERVICES, planner: 'd:1' });
  });
});
