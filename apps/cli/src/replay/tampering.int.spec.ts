import {
  PraxisError,
  divergenceText,
  readRecordedRun,
  runOfStream,
  type Json,
  type Logger,
  type RecordedRun,
  type StoredEvent,
} from '@praxis/core';
import { MemoryArtifacts, MemorySessions, openCatalog } from '@praxis/environments';
import { solve } from '@praxis/search';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readRegression } from './regression-file.js';
import { replayRecorded, type ReplayMode } from './replay-recorded.js';

const QUIET: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => QUIET,
};

const file = (name: string): string => readFileSync(`e2e/histories/${name}.jsonl`, 'utf8').trimEnd();
const FILE = file('v1-own-problem');

/** All events of a run, to be written anew in whatever way. */
async function eventsOf(name: string): Promise<readonly StoredEvent[]> {
  const { recorded } = await readRegression(file(name).split('\n'));
  return [
    ...recorded.stored,
    ...[...recorded.plannings.values()].flat(),
    ...recorded.subgoals.flatMap((s) => s.events),
  ];
}

/** A history that was changed and sealed again by somebody who knows how. */
function resealed(events: readonly StoredEvent[]): Promise<RecordedRun> {
  return readRecordedRun(runOfStream(events[0]!.stream), {
    read: async (stream) => events.filter((e) => e.stream === stream),
  });
}

/** The first divergence; what cannot even be read counts as one. */
async function replay(events: readonly StoredEvent[], mode: ReplayMode): Promise<string | null> {
  const worlds = openCatalog({
    artifacts: new MemoryArtifacts(),
    sessions: new MemorySessions(),
    remotes: {},
    log: QUIET,
  });
  try {
    const { divergence } = await replayRecorded(await resealed(events), mode, {
      worlds,
      search: async (request) => solve(request),
      signal: new AbortController().signal,
    });
    return divergence && divergenceText(divergence);
  } catch (thrown) {
    return PraxisError.from(thrown).message;
  }
}

type Path = readonly (string | number)[];

function leavesOf(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value)
    ? value.map((v: Json, i) => [i, v] as const)
    : Object.entries(value as Readonly<Record<string, Json>>);
  return entries.flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

function changed(value: Json, [key, ...rest]: Path): Json {
  if (key === undefined)
    return typeof value === 'number'
      ? value + 1
      : typeof value === 'boolean'
        ? !value
        : typeof value === 'string'
          ? `${value}x`
          : 'x';
  if (Array.isArray(value)) return value.map((v: Json, i) => (i === key ? changed(v, rest) : v));
  const record = value as Readonly<Record<string, Json>>;
  return { ...record, [key]: changed(record[key]!, rest) };
}

const replace = (events: readonly StoredEvent[], at: number, data: Json): readonly StoredEvent[] =>
  events.map((e, i) => (i === at ? { ...e, data } : e));

/**
 * What comes from outside, so that no replay can know better: who did it, what people wanted, what the archive and the
 * skills said; and words for people.
 */
const GIVEN: Readonly<Record<string, RegExp>> = {
  opened: /^(by|session|limits|tools|condition|approvals|domainName)/,
  accepted: /^goal\.(title|budget|archive|labels|strategy|seed|scenario|world|tenant|approvals|undoes)/,
  cancelling: /.*/,
  asked: /^question\.(text|effect|expiresAt)/,
};

describe('tampering', () => {
  it('cannot change a byte of a file unnoticed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(FILE.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const flipped = FILE.slice(0, at) + String.fromCharCode(FILE.charCodeAt(at) ^ (1 << bit)) + FILE.slice(at + 1);
        await expect(readRegression(flipped.split('\n'))).rejects.toMatchObject({ code: 'invalid' });
      }),
      { numRuns: 150 },
    );
  });

  it('cannot drop, double or swap lines unnoticed', async () => {
    const lines = FILE.split('\n');
    const spots = [1, 2, 5, Math.floor(lines.length / 2), lines.length - 2, lines.length - 1];
    for (const at of spots) {
      await expect(readRegression(lines.toSpliced(at, 1))).rejects.toMatchObject({ code: 'invalid' });
      await expect(readRegression(lines.toSpliced(at, 0, lines[at]!))).rejects.toMatchObject({ code: 'invalid' });
      await expect(readRegression(lines.toSpliced(at - 1, 2, lines[at]!, lines[at - 1]!))).rejects.toMatchObject({
        code: 'invalid',
      });
    }
  });

  it.each([
    ['a decision', 'decided', ['action', 'args', 'x']],
    ['why it was made', 'decided', ['why']],
    ['the key of a trial', 'tried', ['key']],
    ['the outcome of an action', 'observed', ['result', 'ok']],
    ['the number of a step', 'observed', ['step']],
    ['what was proposed', 'proposed', ['candidates', 0, 'plan', 'nodes', 0, 'title']],
    ['how many steps were settled', 'settled', ['steps']],
    ['how a subgoal was settled', 'settled', ['outcome']],
    ['which plan was adopted', 'planned', ['plan', 'nodes', 0, 'post']],
    ['which subgoal was dispatched', 'dispatched', ['node']],
    ['whether the goal held', 'checked', ['holds']],
    ['how the run ended', 'ended', ['reason']],
    ['what a person was asked', 'asked', ['question', 'action', 'skill']],
    ['what a person answered', 'answered', ['answer', 'verdict']],
    ['what was heard of it', 'replied', ['answer', 'reason']],
    ['what a subgoal may spend', 'dispatched', ['allowance', 'steps']],
    ['what a subgoal has spent', 'settled', ['spent', 'risk']],
  ] as const)('cannot change %s, even sealed again (replay-run.1–2, replay-stream.1–3)', async (_, type, path) => {
    const histories = await Promise.all(['v1-gave-up', 'v2-own-problem', 'v2-approvals'].map(eventsOf));
    const events = histories.find((all) =>
      all.some((e) => e.type === type && leavesOf(e.data).some((leaf) => leaf[0] === path[0])),
    )!;
    const at = events.findIndex((e) => e.type === type && path[0] in (e.data as object));
    const key =
      path.at(-1) === 'x'
        ? Object.keys((events[at]!.data as { action: { args: object } }).action.args)[0]!
        : path.at(-1)!;
    const tampered = replace(events, at, changed(events[at]!.data, [...path.slice(0, -1), key]));
    expect(await replay(events, 'reuse')).toBeNull();
    expect(await replay(tampered, 'reuse')).toMatch(/diverged at|damaged/);
  });

  it('cannot leave out an event, even sealed again', async () => {
    const events = await eventsOf('v1-own-problem');
    for (const [at, { stream }] of events.entries()) {
      if (events[at + 1]?.stream !== stream) continue; // A history that ends early is that of a run that goes on.
      const shorter = events
        .filter((_, i) => i !== at)
        .map((e) =>
          e.stream === stream && e.position > events[at]!.position ? { ...e, position: e.position - 1 } : e,
        );
      expect([at, (await replay(shorter, 'reuse')) ?? (await replay(shorter, 'verify'))]).not.toEqual([at, null]);
    }
  }, 60_000);

  it.each(['v1-own-problem', 'v2-approvals'])(
    // replay-stream.4
    'cannot change anything of %s that follows from the rest, even sealed again, once all is done again',
    async (name) => {
      const events = await eventsOf(name);
      const spots = events.flatMap(({ type, data }, at) =>
        leavesOf(data)
          .filter((path) => !GIVEN[type]?.test(path.join('.')))
          .map((path) => ({ at, path })),
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...spots), async ({ at, path }) => {
          const tampered = replace(events, at, changed(events[at]!.data, path));
          const found = (await replay(tampered, 'reuse')) ?? (await replay(tampered, 'verify'));
          expect([events[at]!.type, path.join('.'), found]).not.toEqual([events[at]!.type, path.join('.'), null]);
        }),
        { numRuns: 60 },
      );
    },
    60_000,
  );
});
