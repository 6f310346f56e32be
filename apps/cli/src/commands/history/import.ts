import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis import`: takes in a run that was exported. */
export const importVerb = defineVerb({
  usage: 'import <file>',
  summary: 'take in a run from a file of `praxis export`; a run that is here already is left as it is',
  examples: [
    'import breakfast.jsonl',
    'import -   (from standard input: gunzip -c breakfast.jsonl.gz | praxis import -)',
    'import breakfast.jsonl --json',
  ],
  run: async ({ args, options, context: { print, cwd }, context }) => {
    const lines = await readLines(args[0]!, cwd);
    const run = await withServices(context, ({ planner }) => planner.importRun(lines, new AbortController().signal));
    if (options.json) print.json({ run });
    else print.line(run);
    return 0;
  },
});

/** The lines of a file, or of standard input where it is called `-`. */
async function readLines(file: string, cwd: string): Promise<AsyncIterable<string>> {
  if (file === '-') return linesOf(process.stdin.setEncoding('utf8'));
  const path = resolve(cwd, file);
  // A file that cannot be read is told before anybody is called.
  const handle = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new PraxisError(
      cause.code === 'ENOENT' ? 'missing' : 'denied',
      `Cannot read ${file}: ${cause.code === 'ENOENT' ? 'there is no such file' : `you may not (${cause.code})`}.`,
      { cause },
    );
  });
  await handle.close();
  return linesOf(createReadStream(path, 'utf8'));
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
