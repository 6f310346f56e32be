import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  hasPublishedFunctions,
  NEEDS_PUBLISHED_FUNCTIONS,
  publishedCalls,
  publishedFunctions,
  sampleOf,
  type PublishedCall,
} from '@praxis/testing';
import { callsPlaybook, functionsModule } from './own-api/functions-module.js';
import { praxis, sandbox, start } from './praxis.js';

(hasPublishedFunctions ? describe : describe.skip)(
  `a person's own functions, from a module (${NEEDS_PUBLISHED_FUNCTIONS})`,
  () => {
    const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500', PRAXIS_EXECUTOR_COUNT: '1' });
    const log = join(box.dir, 'calls.jsonl');
    const write = (name: string, text: string): string => {
      writeFileSync(join(box.dir, name), text);
      return join(box.dir, name);
    };
    afterAll(() => box.remove());

    it('are called by a run as they were meant, once each, and their outputs are its result', async () => {
      const [functions, calls] = [publishedFunctions(), publishedCalls()];
      const env = { ...box.env, PRAXIS_SKILLS_MODULES: write('functions.mjs', functionsModule(functions, log)) };
      const services = start(['start'], env);
      await services.until(/Ctrl-C stops everything/);
      try {
        const file = write('calls.json', JSON.stringify(callsPlaybook(calls)));
        const { stdout, stderr } = await praxis(['run', file, '--json'], env, box.dir);
        const end = JSON.parse(stdout.trimEnd().split('\n').at(-1) || `"${stderr}"`) as {
          readonly run: string;
          readonly result: { readonly value: unknown };
        };
        expect(end).toMatchObject({ outcome: 'done' });
        const made = readFileSync(log, 'utf8').trimEnd().split('\n');
        // Defaults of what was left out come with the arguments.
        expect(made.map((line) => JSON.parse(line) as PublishedCall)).toEqual(
          calls.map(({ name, args }) => ({ name, args: expect.objectContaining(args) as object })),
        );
        const responses = new Map(functions.map((f) => [f.name, sampleOf(f.response)]));
        expect(end.result.value).toEqual(calls.map(({ name }) => responses.get(name)));
        expect(await praxis(['replay', end.run, '--mode', 'verify'], env, box.dir)).toMatchObject({ code: 0 });
        expect(readFileSync(log, 'utf8').trimEnd().split('\n')).toHaveLength(calls.length);
      } finally {
        await services.kill('SIGKILL');
      }
    });
  },
);
