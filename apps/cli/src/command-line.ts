import { ERROR_TABLE, PraxisError, type ErrorCode } from '@praxis/core';
import { armFaults, hide } from '@praxis/platform';
import { CommanderError } from 'commander';
import { makeContext, type Context } from './context.js';
import { Printer, type Output } from './print.js';
import { buildProgram } from './program.js';

/** What a command line runs in: its words, and the parts of the process that it may touch. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Runs one command and gives its exit code; whatever goes wrong is told in words, never as a stack trace. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  const print = new Printer(line.stdout, line.stderr, line.env);
  let code = 0;
  let context: Context | null = null;
  const host = {
    context: () => (context ??= makeContext({ env: line.env, cwd: line.cwd, print })),
    finish: (result: number) => void (code = result),
  };
  const isJson = line.args.includes('--json');
  const writeErr = (text: string): void => (isJson ? undefined : print.note(text.trimEnd()));
  const program = await buildProgram(host, { writeOut: (text) => print.raw(text), writeErr }, line.args);
  try {
    armFaults(line.env);
    if (line.args.length === 0) program.outputHelp();
    else await program.parseAsync([...line.args], { from: 'user' });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return tell(PraxisError.from(thrown), line, print);
    if (thrown.exitCode === 0) return 0;
    if (isJson) print.note(errorJson('invalid', thrown.message.replace(/^error: /, '')));
    return ERROR_TABLE.invalid.exit;
  }
}

function tell(error: PraxisError, { args, env }: CommandLine, print: Printer): number {
  const message = hide(error.message);
  const isBug = error.code === 'bug';
  if (args.includes('--json')) print.note(errorJson(error.code, message, error.details));
  else
    print.note(
      `praxis: ${message}${isBug ? '\nThis is a fault of Praxis itself; run again with PRAXIS_LOG_LEVEL=debug to see where it happened.' : ''}`,
    );
  if (env['PRAXIS_LOG_LEVEL'] === 'debug') print.note(hide(stackOf(error)));
  return ERROR_TABLE[error.code].exit;
}

function errorJson(code: ErrorCode, message: string, details: PraxisError['details'] = {}): string {
  return JSON.stringify({ error: { code, message, details } });
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
