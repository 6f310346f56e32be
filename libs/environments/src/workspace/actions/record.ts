import { negate, type ArtifactRef, type Fact } from '@praxis/core';
import type { FileEntry } from '../manifest.js';
import {
  count,
  inputOf,
  manifestOf,
  mustBeFree,
  mustBeStored,
  mustHaveRoom,
  readMediaType,
  readPath,
  Refusal,
  type FileAction,
} from './file-action.js';
import { changeContent } from '../content.js';

interface Args {
  readonly files?: readonly ArtifactRef[];
  readonly deleted?: readonly string[];
  readonly facts?: readonly string[];
  readonly taint?: readonly string[];
}

/** The name of the action by which an executor records what a skill outside of the world has made. */
export const RECORD = 'workspace.record';

const MOST_FACTS = 10_000;

/** Not offered to planners: an executor calls it after a skill that is not the world's, under the same key. */
export const recordWork: FileAction<Args> = {
  manifest: manifestOf({
    name: RECORD,
    summary: 'Records files and facts that a skill outside of the workspace has made.',
    input: inputOf(
      {
        files: { type: 'array', items: { type: 'object', required: ['$artifact', 'size', 'mediaType', 'name'] } },
        deleted: { type: 'array', items: { type: 'string' } },
        facts: { type: 'array', items: { type: 'string', maxLength: 2048 }, maxItems: MOST_FACTS },
        taint: { type: 'array', items: { type: 'string' }, description: 'Sources outside Praxis of the files.' },
      },
      [],
    ),
    effect: 'reversible',
  }),

  async run({ files = [], deleted = [], facts = [], taint = [] }, context) {
    await mustBeStored(context, files);
    const changes = new Map<string, FileEntry | null>(deleted.map((path) => [readPath(path), null]));
    let content = changeContent(context.content, { files: changes });
    for (const ref of files) {
      const path = readPath(ref.name);
      const here = { ...context, content };
      mustBeFree(here, path);
      mustHaveRoom(here, path);
      const { $artifact: sha256, size, mediaType } = ref;
      const sources = [...new Set(taint)].sort();
      const entry = { sha256, size, mediaType: readMediaType(mediaType), taint: sources };
      changes.set(path, entry);
      content = { ...content, manifest: content.manifest.with(new Map([[path, entry]])) };
    }
    const literals = facts.map(readLiteral).filter(({ fact }) => !fact.startsWith('(file '));
    const added = literals.filter(({ isTrue }) => isTrue).map(({ fact }) => fact);
    const removed = literals.filter(({ isTrue }) => !isTrue).map(({ fact }) => fact);
    if (context.content.recorded.length + added.length > MOST_FACTS)
      throw new Refusal('not-applicable', `The workspace holds more than ${MOST_FACTS} recorded facts.`);
    const message = `recorded ${count(files.length, 'file')} and ${count(literals.length, 'fact')}`;
    return { result: { ok: true, message }, change: { files: changes, added, removed } };
  },
};

const ATOM = /^\([^\s()]+(?: [^\s()]+)*\)$/;

function readLiteral(text: string): { readonly fact: Fact; readonly isTrue: boolean } {
  const tidy = text.trim().replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')');
  const isTrue = !tidy.startsWith('(not ');
  const fact = isTrue ? tidy : negate(tidy);
  if (ATOM.test(fact)) return { fact, isTrue };
  throw new Refusal('invalid-args', `${text} is neither a fact nor its negation.`);
}
