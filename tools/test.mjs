// All tests: unit, then with real servers (int), then whole processes (e2e). Closes with a plain line of totals.
// Arguments go to Jest: `npm test -- libs/store`, `npm test -- --selectProjects unit`.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { jest } from './jest.mjs';

const build = spawnSync(process.execPath, ['tools/build.mjs'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);

const args = process.argv.slice(2);
const chosen = args.includes('--selectProjects');
// Servers and whole processes run one file at a time: they share two cores with what they start.
const rounds =
  chosen || args.length > 0
    ? [args]
    : [
        ['--selectProjects', 'unit', '-w', '100%'],
        ['--selectProjects', 'int', '-w', '1', '--forceExit'],
        ['--selectProjects', 'e2e', '-w', '1', '--forceExit'],
      ];
const totals = { passed: 0, failed: 0, skipped: 0 };
let worst = 0;
for (const round of rounds) {
  const out = join(tmpdir(), `praxis-jest-${process.pid}.json`);
  const code = jest(['--json', `--outputFile=${out}`, '--passWithNoTests', ...round]);
  worst = Math.max(worst, code);
  try {
    const result = JSON.parse(readFileSync(out, 'utf8'));
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.skipped += result.numPendingTests;
  } catch {
    totals.failed += 1;
  }
  rmSync(out, { force: true });
}
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(worst === 0 && totals.failed === 0 ? 0 : 1);
