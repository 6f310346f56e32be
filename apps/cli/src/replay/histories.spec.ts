import { diffRuns, divergenceText, type Logger, type RecordedRun } from '@praxis/core';
import { MemoryArtifacts, MemorySessions, openCatalog } from '@praxis/environments';
import { solve } from '@praxis/search';
import { readFileSync, readdirSync } from 'node:fs';
import { checkExpectation, readRegression } from './regression-file.js';
import { replayRecorded, type ReplayMode, type VerifyParts } from './replay-recorded.js';

const FOLDER = 'e2e/histories';
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));
/** Searching for all of them again takes seconds, which `praxis regress --check` may take and this may not. */
const SMALL = 55_000;

const NO_BYTES = 'world: the bytes of the files that it began with are not in a history';
/** What of a history cannot be done again: files are elsewhere, and nobody is reminded a second time. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'v5-profile-csv.jsonl': NO_BYTES,
  'v5-question-with-choices.jsonl': NO_BYTES,
  'v5-fork-of-work.jsonl': NO_BYTES,
  'v5-reminders.jsonl': '4 steps that were not done in the world',
};

const QUIET: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => QUIET,
};

const linesOf = (name: string): readonly string[] => readFileSync(`${FOLDER}/${name}`, 'utf8').trimEnd().split('\n');

function parts(): VerifyParts {
  const worlds = openCatalog({
    artifacts: new MemoryArtifacts(),
    sessions: new MemorySessions(),
    remotes: {},
    log: QUIET,
  });
  return { worlds, search: async (request) => solve(request), signal: new AbortController().signal };
}

/** A stream's events, whatever the stream is called. */
function eventsOf({ stored, subgoals }: RecordedRun, stream: string): readonly object[] {
  const all = [stored, ...subgoals.map((s) => s.events)].flat().filter((e) => e.stream === stream);
  return all.map(({ type, version, data, at, position }) => ({ type, version, data, at, position }));
}

async function replay(name: string, mode: ReplayMode): Promise<string> {
  const regression = await readRegression(linesOf(name));
  const { divergence, left } = await replayRecorded(regression.recorded, mode, parts());
  const found = divergence ?? checkExpectation(regression);
  return [...(found ? [divergenceText(found)] : []), ...left].join('\n');
}

describe('recorded histories', () => {
  it('are there', () => expect(NAMES.length).toBeGreaterThanOrEqual(5));

  it.each(NAMES)('%s replays', async (name) => {
    expect(await replay(name, 'reuse')).toBe('');
  });

  it('of forks equal their parents’ up to where they part', async () => {
    const all = await Promise.all(NAMES.map(async (name) => (await readRegression(linesOf(name))).recorded));
    const forks = all.flatMap((fork) =>
      fork.events.flatMap((e) =>
        e.type === 'forked'
          ? all.filter((r) => r.run === e.parent).map((parent) => ({ fork, parent, cut: e.cut }))
          : [],
      ),
    );
    expect(forks.length).toBeGreaterThan(0);
    for (const { fork, parent, cut } of forks) {
      for (const [stream, length] of Object.entries(cut))
        expect(eventsOf(fork, stream.replace(parent.run, fork.run)).slice(0, length)).toEqual(
          eventsOf(parent, stream).slice(0, length),
        );
      const decided = parent.subgoals.flatMap(({ events }) =>
        events.filter((e) => e.type === 'decided' && e.position < (cut[e.stream] ?? 0)),
      );
      expect(decided.length).toBeGreaterThan(0);
      expect(diffRuns(parent, fork).steps.same).toBeGreaterThanOrEqual(decided.length);
    }
  });

  it.each(NAMES.filter((name) => linesOf(name).join('').length < SMALL || Object.hasOwn(LEFT_OUT, name)))(
    '%s comes out the same when its searches and its world are done again',
    async (name) => {
      expect(await replay(name, 'verify')).toBe(LEFT_OUT[name] ?? '');
    },
  );
});
