// Builds every room in the order of its references. A file that was deleted leaves no ghost behind: dist of a room
// whose sources are older than what it holds is rebuilt by `--clean`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';

/** What the page takes from its server's sources. */
const SHARED = ['apps/dashboard/src/api.ts', 'apps/dashboard/src/artifacts/view-type.ts'];

const compiler = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname;
if (!existsSync(compiler)) {
  // A production install (`npm ci --omit=dev`) has no compiler; it brings its own dist.
  console.log('build: no compiler installed, nothing built');
  process.exit(0);
}
if (process.argv.includes('--clean')) {
  for (const top of ['libs', 'apps'])
    for (const room of readdirSync(top)) rmSync(`${top}/${room}/dist`, { recursive: true, force: true });
  rmSync('bench/dist', { recursive: true, force: true });
}
const { status } = spawnSync(process.execPath, [compiler, '-b'], { stdio: 'inherit' });
process.exit(status === 0 ? buildPage() : (status ?? 1));

/** Bundles the dashboard's page where something it is made of is newer than the bundle, or has gone. */
function buildPage() {
  const bundler = new URL('../node_modules/vite/bin/vite.js', import.meta.url).pathname;
  const built = 'apps/dashboard/dist/web/index.html';
  if (!existsSync(bundler)) return 0;
  if (existsSync(built) && statSync(built).mtimeMs > newest(['apps/dashboard/web', ...SHARED, 'package-lock.json']))
    return 0;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [bundler, 'build', '--config', 'apps/dashboard/web/vite.config.mjs'],
    { encoding: 'utf8' },
  );
  if (status !== 0) process.stderr.write(stdout + stderr);
  return status ?? 1;
}

/** When something at or below these paths was last changed; a folder changes when an entry comes or goes. */
function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const { mtimeMs } = statSync(path);
      const below = statSync(path).isDirectory() ? readdirSync(path).map((name) => `${path}/${name}`) : [];
      return Math.max(mtimeMs, below.length > 0 ? newest(below) : 0);
    }),
  );
}
