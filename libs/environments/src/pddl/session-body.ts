import { canonical, digest, PraxisError, problemTextSchema, type OpenRequest } from '@praxis/core';
import { z } from 'zod';
import type { SessionCodec } from '../session-keeper.js';
import { answersSchema, NO_ANSWERS } from './answers.js';
import { momentSchema, type Moment } from './transition.js';

/** Everything a session is, as its store keeps it. */
export const bodySchema = z.object({
  world: z.string(),
  scenario: z.string(),
  problem: problemTextSchema.nullable(),
  seed: z.string(),
  moment: momentSchema,
  answers: answersSchema,
});
export type SessionBody = z.infer<typeof bodySchema>;

/** A session as text. */
export const bodyCodec: SessionCodec<SessionBody> = {
  write: (body) => JSON.stringify(body),
  read: (text) => bodySchema.parse(JSON.parse(text)),
};

/** A session that has just been opened. */
export function newBody(
  world: string,
  request: Pick<OpenRequest, 'scenario' | 'problem' | 'seed'>,
  moment: Moment,
): SessionBody {
  const { scenario, problem, seed } = request;
  return { world, scenario, problem, seed, moment, answers: NO_ANSWERS };
}

const snapshotSchema = z.object({ task: z.string(), moment: momentSchema });

/** A session's moment as a text that names the task it belongs to. */
export function writeSnapshot(body: SessionBody): string {
  return canonical({ task: taskOf(body), moment: body.moment });
}

/** Reads a snapshot of the same task. */
export function readSnapshot(body: SessionBody, text: string): Moment {
  const parsed = snapshotSchema.safeParse(parseJson(text));
  if (parsed.success && parsed.data.task === taskOf(body)) return parsed.data.moment;
  throw new PraxisError(
    'invalid',
    `This is not a snapshot of ${body.world}${body.scenario === '' ? '' : `, scenario ${body.scenario}`}; take one with \`snapshot\` from a session of the same task.`,
    {
      cause: parsed.error,
    },
  );
}

function taskOf({ world, scenario, problem }: SessionBody): string {
  return digest({ world, scenario, problem });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
