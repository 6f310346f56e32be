import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PraxisError } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis export`: a run as a file. */
export const exportVerb = defineVerb<{ readonly out?: string }>({
  usage: 'export <run>',
  summary: 'write a run as one file of JSON lines: its events, the texts they refer to, and its world',
  examples: ['export r-3f9k2m7q1c --out breakfast.jsonl', 'export r-3f9k2m7q1c | gzip > breakfast.jsonl.gz'],
  options: (command) => command.option('--out <file>', 'where to write it (default: standard output)'),
  run: async ({ args, options: { out, json }, context: { print, cwd }, context }) => {
    const lines = await withServices(context, async ({ planner }) => {
      const run = planner.exportRun(args[0]!, new AbortController().signal);
      if (out !== undefined) return writeFile(resolve(cwd, out), run);
      let count = 0;
      for await (const line of run) {
        print.line(line);
        count++;
      }
      return count;
    });
    if (out === undefined) return 0;
    if (json) print.json({ run: args[0], file: out, lines });
    else print.line(`${args[0]} is in ${out}, ${lines} lines`);
    return 0;
  },
});

/** A file that is there is whole: it gets its name when its last line is written. */
async function writeFile(path: string, lines: AsyncIterable<string>): Promise<number> {
  let count = 0;
  const withEnds = async function* (): AsyncGenerator<string> {
    for await (const line of lines) {
      count++;
      yield `${line}\n`;
    }
  };
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, 'wx').catch((cause: NodeJS.ErrnoException) => {
    throw new PraxisError(
      'denied',
      `Cannot write ${path} (${cause.code ?? cause.message}); choose a place that is there and yours.`,
      { cause },
    );
  });
  try {
    await pipeline(withEnds, file.createWriteStream());
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
  return count;
}
