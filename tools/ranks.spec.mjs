import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, judge } from './ranks.mjs';

describe('the rank check', () => {
  it('rejects a planted upward import', () => {
    const root = mkdtempSync(join(tmpdir(), 'praxis-ranks-'));
    mkdirSync(join(root, 'libs/search/src'), { recursive: true });
    writeFileSync(join(root, 'libs/search/src/planted.ts'), "import { openStore } from '@praxis/store';\n");
    expect(check(root)).toEqual(['libs/search/src/planted.ts: imports store (rank 2) from rank 1']);
  });

  it('rejects equal rank, deep paths, apps importing apps and a vendor outside its room', () => {
    expect(judge('search', false, '@praxis/wire')).toHaveLength(1);
    expect(judge('store', false, '@praxis/core/dist/ids.js')).toHaveLength(1);
    expect(judge('planner', false, '@praxis/executor')).toHaveLength(1);
    expect(judge('planner', false, 'bullmq')).toHaveLength(1);
  });

  it('lets a room use what stands below it, and cli compose the apps', () => {
    expect(judge('store', false, '@praxis/core')).toEqual([]);
    expect(judge('cli', false, '@praxis/planner')).toEqual([]);
    expect(judge('platform', false, 'bullmq')).toEqual([]);
  });
});
