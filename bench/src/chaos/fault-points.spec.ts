import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_POINTS } from '@praxis/core';

const ROOT = join(import.meta.dirname, '../../..');

/** The text of every source of every room, specs left out. */
function sources(): readonly string[] {
  const rooms = ['libs', 'apps'].flatMap((top) =>
    readdirSync(join(ROOT, top)).map((room) => join(ROOT, top, room, 'src')),
  );
  const files = rooms.flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file)),
  );
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(file, 'utf8'));
}

it('every fault point stands in the code, so that none is armed in vain', () => {
  const passed = sources().flatMap((text) =>
    [...text.matchAll(/faultPoint\('([a-z.-]+)'\)/g)].map(([, name]) => name!),
  );
  expect(new Set(passed)).toEqual(new Set(Object.keys(FAULT_POINTS)));
});
