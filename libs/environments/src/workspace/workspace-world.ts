import {
  filePath,
  PraxisError,
  type ArtifactRef,
  type ArtifactStore,
  type OpenRequest,
  type SessionStore,
  type World,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';
import { SessionKeeper } from '../session-keeper.js';
import { WORKSPACE_SKILLS } from './actions/all-actions.js';
import { readMediaType } from './actions/file-action.js';
import { readCondition } from '../checks/condition-tree.js';
import { contentOf } from './content.js';
import { Manifest, MOST_FILES, type FileEntry } from './manifest.js';
import { Turns } from './turns.js';
import { openedWith, WORKSPACE, workspaceCodec } from './workspace-body.js';
import { WorkspaceSession, type WorkspaceParts } from './workspace-session.js';

/** What a workspace is made of: where its sessions live, and where the bytes of its files. */
export interface WorkspaceStores {
  readonly sessions: SessionStore;
  readonly artifacts: ArtifactStore;
}

/**
 * The world of goals that name no other: files, and facts about what was done. It tells no rules. Its files are a list
 * of paths and hashes; the bytes are artifacts, so that any executor can go on with a session and a copy costs little.
 */
export class WorkspaceWorld implements World {
  readonly #parts: WorkspaceParts;

  constructor({ sessions, artifacts }: WorkspaceStores) {
    this.#parts = { keeper: new SessionKeeper(WORKSPACE, sessions, workspaceCodec), artifacts, turns: new Turns() };
  }

  async describe(): Promise<WorldInfo> {
    return {
      name: WORKSPACE,
      version: '1',
      summary: 'Files and facts: the world of goals that name no other. It opens with the files of the goal.',
      domain: WORKSPACE,
      skills: WORKSPACE_SKILLS,
      scenarios: [],
      offers: { legal: false, snapshots: true, clones: true },
    };
  }

  async admit({ scenario, problem, condition }: Parameters<NonNullable<World['admit']>>[0]): Promise<void> {
    refuseScenario({ scenario, problem });
    if (condition !== '') readCondition(condition);
  }

  async open(request: OpenRequest): Promise<WorldSession> {
    refuseScenario(request);
    const { seed, sessionId, files = [] } = request;
    const { keeper, artifacts } = this.#parts;
    const known = await keeper.find(sessionId);
    if (known === null) {
      const content = contentOf(Manifest.EMPTY.with(await entriesOf(files, artifacts)), []);
      const body = { world: WORKSPACE, seed, opened: openedWith(files), content, answers: [] };
      if (await keeper.create(sessionId, body)) return this.#session(sessionId);
    }
    const { seed: other, opened } = known ?? (await keeper.get(sessionId));
    if (other === seed && opened === openedWith(files)) return this.#session(sessionId);
    throw new PraxisError(
      'conflict',
      `The session ${sessionId} is already open with another seed or other files; choose another id, or close it first.`,
    );
  }

  async resume(sessionId: string): Promise<WorldSession> {
    await this.#parts.keeper.get(sessionId);
    return this.#session(sessionId);
  }

  #session(id: string): WorldSession {
    return new WorkspaceSession(id, this.#parts);
  }
}

function refuseScenario({ scenario, problem }: Pick<OpenRequest, 'scenario' | 'problem'>): void {
  if (problem !== null)
    throw new PraxisError('invalid', 'A workspace has no planning problem; use the world pddl for one of your own.');
  if (scenario !== '')
    throw new PraxisError('missing', `A workspace has no scenarios such as "${scenario}"; leave the scenario out.`);
}

async function entriesOf(
  files: readonly ArtifactRef[],
  artifacts: ArtifactStore,
): Promise<ReadonlyMap<string, FileEntry>> {
  if (files.length > MOST_FILES)
    throw new PraxisError('invalid', `A workspace opens with at most ${MOST_FILES} files, not ${files.length}.`);
  const sizes = await artifacts.has([...new Set(files.map(({ $artifact }) => $artifact))]);
  const entries = new Map<string, FileEntry>();
  for (const { $artifact: sha256, size, mediaType, name } of files) {
    const path = filePath(name);
    if (sizes.get(sha256) !== size)
      throw new PraxisError(
        'invalid',
        `The file ${path} (${sha256}) is not stored with ${size} bytes; store it first.`,
      );
    const same = entries.get(path);
    if (same !== undefined && same.sha256 !== sha256)
      throw new PraxisError('invalid', `Two different files are called ${path}; give one of them another name.`);
    entries.set(path, { sha256, size, mediaType: readMediaType(mediaType), taint: [] });
  }
  for (const path of entries.keys())
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
      if (entries.has(path.slice(0, at)))
        throw new PraxisError('invalid', `${path.slice(0, at)} is the name of a file and of a folder of another.`);
  return entries;
}
