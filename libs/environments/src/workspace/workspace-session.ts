import { randomUUID } from 'node:crypto';
import {
  diffStates,
  makeState,
  PraxisError,
  stateDigest,
  type Action,
  type Briefing,
  type ActionResult,
  type ArtifactRef,
  type ArtifactStore,
  type Condition,
  type Observation,
  type Verdict,
  type WorldFiles,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import type { SessionKeeper } from '../session-keeper.js';
import { performAction } from './actions/all-actions.js';
import { RECORD } from './actions/record.js';
import { recallAnswer, recordAnswer } from './answers.js';
import { checkFacts } from './check-facts.js';
import { changeContent } from './content.js';
import { artifactOf } from './manifest.js';
import type { Turns } from './turns.js';
import { readSnapshot, writeSnapshot, type WorkspaceBody } from './workspace-body.js';

/** What the sessions of one world share. */
export interface WorkspaceParts {
  readonly keeper: SessionKeeper<WorkspaceBody>;
  readonly artifacts: ArtifactStore;
  readonly turns: Turns;
}

/**
 * A session of a workspace. It holds nothing itself, so that any number of processes may hold one for the same id.
 *
 * workspace.1 No action and no recorded file can name anything outside of the workspace: paths are names in a list, and
 *             each has one spelling.
 * workspace.2 An action reads and changes only the list; bytes are stored before the list names them. So a crash leaves
 *             a workspace as it was before an action or as it was after it.
 * workspace.3 An action that is repeated after its answer was forgotten does no harm: it leaves the workspace as it is,
 *             or is refused.
 */
export class WorkspaceSession implements WorldSession {
  constructor(
    readonly id: string,
    private readonly parts: WorkspaceParts,
  ) {}

  async briefing(): Promise<Briefing> {
    await this.parts.keeper.get(this.id);
    return { rules: null, condition: '(and)', agents: [] };
  }

  async observe(): Promise<WorldState> {
    return (await this.parts.keeper.get(this.id)).content.state;
  }

  async act(action: Action, key: string, signal?: AbortSignal, decidedOn?: string): Promise<Observation> {
    return this.parts.turns.take(this.id, () => this.actNow(action, { key, signal, decidedOn }));
  }

  private actNow(action: Action, { key, signal, decidedOn }: ActCall): Promise<Observation> {
    const { keeper, artifacts } = this.parts;
    return keeper.update<Observation>(this.id, async (body) => {
      const { content, answers } = body;
      const recorded = await recallAnswer(answers, key, { state: content.state, artifacts });
      if (recorded !== null) return { body: null, value: recorded };
      if (signal?.aborted) return { body: null, value: CANCELLED };
      const { result: judged, change = {} } = await performAction(action, { content, artifacts });
      const before = content.state;
      const result = orStale(judged, before, decidedOn);
      const next = result.ok ? changeContent(content, change) : content;
      const given = { key, result, change: diffStates(before, next.state) };
      return {
        body: { ...body, content: next, answers: await recordAnswer(answers, given, artifacts) },
        value: { result, state: next.state, before },
      };
    });
  }

  async check(condition: Condition): Promise<Verdict> {
    return checkFacts(condition, (await this.parts.keeper.get(this.id)).content.state);
  }

  readonly snapshots = {
    take: async (): Promise<string> =>
      writeSnapshot((await this.parts.keeper.get(this.id)).content, this.parts.artifacts),
    restore: (snapshot: string): Promise<void> => this.parts.turns.take(this.id, () => this.restore(snapshot)),
    clone: (snapshot: string, seed: string): Promise<WorkspaceSession> => this.clone(snapshot, seed),
  };

  /** The files, for skills that are not the world's own. */
  readonly files: WorldFiles = {
    list: async (): Promise<readonly ArtifactRef[]> =>
      (await this.parts.keeper.get(this.id)).content.manifest.entries().map(([path, entry]) => artifactOf(path, entry)),
    find: async (path) => {
      const entry = (await this.parts.keeper.get(this.id)).content.manifest.get(path);
      return entry === null ? null : artifactOf(path, entry);
    },
    record: ({ files, facts, taint }, key) => {
      const args = { files: files.map((ref) => ({ ...ref })), facts: [...facts], taint: [...taint] };
      return this.act({ skill: RECORD, args }, key);
    },
  };

  close(): Promise<void> {
    return this.parts.keeper.remove(this.id);
  }

  private async restore(snapshot: string): Promise<void> {
    const { keeper, artifacts } = this.parts;
    const content = await readSnapshot(snapshot, artifacts);
    await mustHold(content.manifest.entries(), artifacts);
    await keeper.update(this.id, async (body) => {
      const change = diffStates(body.content.state, content.state);
      const answers = await recordAnswer(body.answers, { key: null, change }, artifacts);
      return { body: { ...body, content, answers }, value: undefined };
    });
  }

  private async clone(snapshot: string, seed: string): Promise<WorkspaceSession> {
    const { keeper, artifacts } = this.parts;
    const body = await keeper.get(this.id);
    const content = await readSnapshot(snapshot, artifacts);
    // Nothing depends on the id, so that it need not come from a seed.
    const id = `${this.id}~${randomUUID()}`;
    const change = diffStates(body.content.state, content.state);
    const answers = await recordAnswer(body.answers, { key: null, change }, artifacts);
    await keeper.create(id, { ...body, seed, content, answers });
    return new WorkspaceSession(id, this.parts);
  }
}

/** How an action is asked for. */
interface ActCall {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  readonly decidedOn: string | undefined;
}

const CANCELLED: Observation = {
  result: { ok: false, code: 'cancelled', message: 'cancelled before it was done' },
  state: null,
};

/** A refusal in another state than the one that the action was decided on says nothing of that one (environment.6). */
function orStale(result: ActionResult, before: WorldState, decidedOn: string | undefined): ActionResult {
  if (result.ok || result.code !== 'not-applicable' || decidedOn === undefined) return result;
  if (stateDigest(makeState(before.facts, before.numbers)) === decidedOn) return result;
  return { ok: false, code: 'stale', message: `${result.message} The workspace has changed since this was decided.` };
}

/** Fails with `invalid` where the bytes of a file are not stored any more. */
async function mustHold(
  files: readonly (readonly [string, { readonly sha256: string }])[],
  artifacts: ArtifactStore,
): Promise<void> {
  const stored = await artifacts.has([...new Set(files.map(([, { sha256 }]) => sha256))]);
  const lost = files.find(([, { sha256 }]) => !stored.has(sha256));
  if (lost !== undefined)
    throw new PraxisError('invalid', `The snapshot has the file ${lost[0]}, whose bytes are not stored any more.`);
}
