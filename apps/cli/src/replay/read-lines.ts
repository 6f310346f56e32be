import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { withServices } from '../compose/clients.js';
import type { Context } from '../context.js';

/**
 * A run's history, line by line: of a file, where there is one of that name, which needs no service; otherwise of the
 * planner.
 */
export async function readLines(context: Context, run: string): Promise<readonly string[]> {
  const file = resolve(context.cwd, run);
  if (existsSync(file)) return linesOfFile(file, run);
  if (/[/\\.]/.test(run))
    throw new PraxisError(
      'missing',
      `There is no file ${run}; write one with \`praxis export RUN\` or \`praxis regress RUN --out FILE\`.`,
    );
  return withServices(context, async ({ planner }) => {
    const lines: string[] = [];
    for await (const line of planner.exportRun(run, new AbortController().signal)) lines.push(line);
    return lines;
  });
}

function linesOfFile(file: string, name: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
  } catch (cause) {
    throw new PraxisError('invalid', `Cannot read ${name}: ${(cause as Error).message}.`, { cause });
  }
}
