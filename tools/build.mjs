// Builds every room in the order of its references. A file that was deleted leaves no ghost behind: dist of a room
// whose sources are older than what it holds is rebuilt by `--clean`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';

const compiler = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname;
if (!existsSync(compiler)) {
  // A production install (`npm ci --omit=dev`) has no compiler; it brings its own dist.
  console.log('build: no compiler installed, nothing built');
  process.exit(0);
}
if (process.argv.includes('--clean')) {
  for (const top of ['libs', 'apps']) for (const room of readdirSync(top)) rmSync(`${top}/${room}/dist`, { recursive: true, force: true });
  rmSync('bench/dist', { recursive: true, force: true });
}
const { status } = spawnSync(process.execPath, [compiler, '-b'], { stdio: 'inherit' });
process.exit(status ?? 1);
