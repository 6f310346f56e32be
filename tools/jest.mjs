// How every script starts Jest: ES modules need a flag of Node's.
import { spawnSync } from 'node:child_process';

/** Runs Jest with these arguments and gives its exit code. */
export function jest(args) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  return spawnSync(process.execPath, [...flags, ...args], { stdio: 'inherit' }).status ?? 1;
}
