import type { Action, ActionResult, ArtifactStore, Json, Outputs, WorldSession } from '@praxis/core';
import { lookUp, nameInExpression, parseReference, scopeOf } from '@praxis/expressions';
import { readArtifact } from '../workspace/read-artifact.js';
import type { CheckScope } from './checker.js';

/** What the checks of a run may look at. */
export interface RunScope {
  readonly session: WorldSession;
  readonly artifacts: ArtifactStore;
  /** Inputs and outputs by name. */
  readonly outputs: Outputs;
  /** Calls a pure skill; refuses any other. */
  call?(action: Action): Promise<ActionResult>;
  readonly judge?: NonNullable<CheckScope['judge']>;
  readonly signal?: AbortSignal;
}

/** The scope in which the checks of a run are evaluated: its world, its files, and its outputs. */
export function runScope({ session, artifacts, outputs, call, judge, signal }: RunScope): CheckScope {
  const values = Object.entries(scopeOf(outputs));
  return {
    world: (condition) => session.check(condition, signal),
    resolve(text) {
      const reference = parseReference(text);
      return reference === null
        ? { missing: `${text} is no reference such as $profile.rows` }
        : lookUp(outputs, reference);
    },
    variables: Object.fromEntries(values.map(([name, value]) => [nameInExpression(name), value])),
    readBytes: (sha256, limit) => readArtifact(artifacts, sha256, limit),
    ...(session.files && { files: session.files }),
    ...(call && { call, query: (sql) => query(sql, call) }),
    ...(judge && { judge }),
  };
}

async function query(
  sql: string,
  call: NonNullable<RunScope['call']>,
): Promise<readonly { readonly [column: string]: Json }[]> {
  const result = await call({ skill: 'table.query', args: { sql } });
  if (!result.ok) throw new Error(result.message);
  const { rows } = (result.output?.value ?? {}) as { readonly rows?: readonly { readonly [column: string]: Json }[] };
  return rows ?? [];
}
