// The daily ritual: build, types of the specs, lint, ranks, laws, unit tests. Stops at the first that fails.
// `--static` leaves the tests out, for where they are run anyway.
import { spawnSync } from 'node:child_process';
import { jest } from './jest.mjs';

const node = process.execPath;
const steps = [
  ['build', () => run(node, ['tools/build.mjs'])],
  ['types of the specs', () => run(node, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.specs.json'])],
  ['types of the page', () => run(node, ['node_modules/typescript/bin/tsc', '-p', 'apps/dashboard/web/tsconfig.json'])],
  ['lint', () => run(node, ['node_modules/oxlint/bin/oxlint', '--quiet', 'libs', 'apps', 'bench', 'e2e', 'tools'])],
  // Promises that nobody awaits: needs types, and so ten seconds; only where nobody waits for it.
  ...(process.env.CI
    ? [
        [
          'promises',
          () =>
            run(node, [
              'node_modules/oxlint/bin/oxlint',
              '--quiet',
              '--type-aware',
              '-A',
              'all',
              '-D',
              'typescript/no-floating-promises',
              '-D',
              'typescript/no-misused-promises',
              'libs',
              'apps',
              'bench',
            ]),
        ],
      ]
    : []),
  ['format', () => run(node, ['node_modules/oxfmt/bin/oxfmt', '--check'])],
  ['ranks', () => run(node, ['tools/ranks.mjs'])],
  ['laws', () => run(node, ['tools/laws.mjs'])],
  ...(process.argv.includes('--static')
    ? []
    : [['unit tests', () => jest(['--selectProjects', 'unit', '--silent', '-w', '100%'])]]),
];

function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

const began = Date.now();
for (const [name, step] of steps) {
  const from = Date.now();
  const code = step();
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
  if (code !== 0) process.exit(code);
}
console.log(`check: clean in ${((Date.now() - began) / 1000).toFixed(1)} s`);
