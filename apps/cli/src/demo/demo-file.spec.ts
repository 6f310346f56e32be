import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDemo, removeDemo, writeDemo, type DemoState } from './demo-file.js';

const demo: DemoState = {
  space: 'demo-1',
  seed: '1',
  isSwapped: false,
  strategy: 'search',
  archive: true,
  folder: '/out',
  phase: 'reflecting',
  runs: ['r-1'],
};
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'praxis-demo-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the demo file', () => {
  it('remembers a demo until it is over', () => {
    writeDemo(dir, { ...demo, phase: 'first' });
    writeDemo(dir, demo);
    expect(readDemo(dir)).toEqual(demo);
    expect(readdirSync(dir)).toEqual(['demo.json']);
    removeDemo(dir);
    expect(readDemo(dir)).toBeNull();
  });

  it('is ignored when it is damaged, so that a demo can always begin', () => {
    writeFileSync(join(dir, 'demo.json'), '{"space":"x"}');
    expect(readDemo(dir)).toBeNull();
  });
});
