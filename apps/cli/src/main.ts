import { runCommandLine } from './command-line.js';

/** Runs the command line of this process and ends it with the command's exit code. */
export async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  // A reader that has seen enough (`praxis runs | head`) is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));
  const code = await runCommandLine({ args: process.argv.slice(2), env, cwd: process.cwd(), stdout, stderr });
  // What was written reaches a slow reader before the process ends.
  stdout.write('', () => stderr.write('', () => process.exit(code)));
}
