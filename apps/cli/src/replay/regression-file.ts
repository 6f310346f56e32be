import {
  PraxisError,
  actionText,
  digest,
  mismatch,
  numberSteps,
  outcomeSchema,
  readRecordedRun,
  runStream,
  type Divergence,
  type Json,
  type RecordedRun,
} from '@praxis/core';
import { historyJournal } from '@praxis/store';
import { z } from 'zod';

/**
 * What a run came to, in the few numbers that people compare: first line of a regression file, before the history
 * itself.
 */
const expectationSchema = z.object({
  line: z.literal('expectation'),
  version: z.literal(1),
  title: z.string(),
  outcome: outcomeSchema.nullable(),
  reason: z.string(),
  decisions: z.number().int(),
  failed: z.number().int(),
  plans: z.number().int(),
  /** Where it failed first; null where nothing did. */
  failure: z.object({ step: z.number().int(), action: z.string(), code: z.string() }).nullable(),
  /** Digest of the fields above. */
  sha256: z.string(),
});
type Expectation = Omit<z.infer<typeof expectationSchema>, 'sha256'>;

/** A recorded run and what is expected of its replay; null where the file is a plain history. */
export interface Regression {
  readonly recorded: RecordedRun;
  readonly expected: Expectation | null;
}

/** Makes a regression file of a history's lines. */
export async function writeRegression(history: readonly string[]): Promise<readonly string[]> {
  const expectation = expectationOf(await readRecorded(history));
  return [JSON.stringify({ ...expectation, sha256: sealOf(expectation) }), ...history];
}

/** Reads a regression file, or a plain history; fails with `invalid` where it does not say what was written. */
export async function readRegression(lines: readonly string[]): Promise<Regression> {
  const [first = '', ...rest] = lines;
  if (!first.startsWith('{"line":"expectation"')) return { recorded: await readRecorded(lines), expected: null };
  const parsed = expectationSchema.safeParse(parseJson(first));
  if (!parsed.success) throw damaged(parsed.error);
  const { sha256, ...expected } = parsed.data;
  if (sha256 !== sealOf(expected)) throw damaged(null);
  return { recorded: await readRecorded(rest), expected };
}

/** What the history says today, compared with what it said when the file was made. */
export function checkExpectation({ recorded, expected }: Regression): Divergence | null {
  const found = expected && mismatch('expectation', expected, expectationOf(recorded));
  return found && { stream: runStream(recorded.run), position: recorded.stored.length, ...found };
}

async function readRecorded(lines: readonly string[]): Promise<RecordedRun> {
  const journal = await historyJournal(lines);
  return readRecordedRun(journal.run, journal);
}

function expectationOf({ state, subgoals }: RecordedRun): Expectation {
  const steps = numberSteps(subgoals);
  const failed = steps.filter((s) => s.result?.ok === false);
  const [first] = failed;
  return {
    line: 'expectation',
    version: 1,
    title: state.goal.title,
    outcome: state.ended?.outcome ?? null,
    reason: state.ended?.reason ?? '',
    decisions: steps.length,
    failed: failed.length,
    plans: state.plan === null ? 0 : 1 + state.replans,
    failure:
      first?.result?.ok === false
        ? { step: first.number, action: actionText(first.action), code: first.result.code }
        : null,
  };
}

const sealOf = (expectation: Expectation): string => digest(expectation as unknown as Json);

const damaged = (cause: unknown): PraxisError =>
  new PraxisError(
    'invalid',
    'The first line of the regression file is damaged; make it again with `praxis regress RUN --out FILE`.',
    { cause },
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
