import { PraxisError, type Action, type SkillManifest } from '@praxis/core';
import { compileSchema, type SchemaCheck } from '../../compile-schema.js';
import { compareFiles } from './compare.js';
import { Refusal, type FileAction, type FileContext, type FileOutcome } from './file-action.js';
import { listFiles } from './list.js';
import { copyFile, deleteFile, moveFile } from './move.js';
import { planMoves } from './plan-moves.js';
import { readFile } from './read.js';
import { recordWork } from './record.js';
import { writeFile } from './write.js';

const OFFERED: readonly FileAction[] = [
  writeFile,
  readFile,
  listFiles,
  moveFile,
  copyFile,
  deleteFile,
  planMoves,
  compareFiles,
];

/** The skills of the workspace, as planners see them. */
export const WORKSPACE_SKILLS: readonly SkillManifest[] = OFFERED.map(({ manifest }) => manifest);

interface Runnable {
  readonly action: FileAction;
  readonly check: SchemaCheck;
}

const ACTIONS: ReadonlyMap<string, Runnable> = new Map(
  [...OFFERED, recordWork].map((action) => [
    action.manifest.name,
    { action, check: compileSchema(action.manifest.input!) },
  ]),
);

/** Carries out an action on the content of a workspace; a refusal is a result. */
export async function performAction(call: Action, context: FileContext): Promise<FileOutcome> {
  const known = ACTIONS.get(call.skill);
  try {
    if (known === undefined)
      throw new Refusal('invalid-args', `The workspace has no action ${call.skill}; it has ${names()}.`);
    const wrong = known.check(call.args);
    if (wrong.length > 0)
      throw new Refusal('invalid-args', `The arguments of ${call.skill} do not fit: ${wrong.slice(0, 3).join('; ')}.`);
    return await known.action.run(call.args as never, context);
  } catch (thrown) {
    if (thrown instanceof Refusal) return { result: { ok: false, code: thrown.code, message: thrown.message } };
    throw PraxisError.from(thrown);
  }
}

const names = (): string => WORKSPACE_SKILLS.map(({ name }) => name).join(', ');
