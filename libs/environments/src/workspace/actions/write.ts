import type { ArtifactRef } from '@praxis/core';
import {
  done,
  inputOf,
  manifestOf,
  mustBeFree,
  mustHaveRoom,
  mustBeStored,
  PATH,
  readMediaType,
  readPath,
  Refusal,
  type FileAction,
} from './file-action.js';
import { mediaTypeOf } from './media-type.js';

/** The longest text of one call, in characters; a longer one is an artifact. */
const MOST_TEXT = 1024 * 1024;

interface Args {
  readonly path: string;
  readonly text?: string;
  readonly artifact?: ArtifactRef;
  readonly mediaType?: string;
  readonly overwrite?: boolean;
}

export const writeFile: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.write',
    summary: 'Writes a file from a text or an artifact; replaces a file that is there.',
    input: {
      ...inputOf(
        {
          path: PATH,
          text: { type: 'string', maxLength: MOST_TEXT, description: 'What the file holds, as UTF-8.' },
          artifact: { type: 'object', required: ['$artifact'], description: 'What the file holds, as an artifact.' },
          mediaType: { type: 'string', description: 'Such as text/csv; by default what the ending of the path says.' },
          overwrite: { type: 'boolean', default: true, description: 'False: refused where there is such a file.' },
        },
        ['path'],
      ),
      oneOf: [{ required: ['text'] }, { required: ['artifact'] }],
    },
    output: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        size: { type: 'integer' },
        mediaType: { type: 'string' },
        sha256: { type: 'string' },
      },
      required: ['path', 'size', 'mediaType', 'sha256'],
    },
    ensures: ['(file ?path)'],
    writes: ['file:{path}'],
    effect: 'reversible',
  }),

  async run({ path: given, text, artifact, mediaType, overwrite = true }, context) {
    const path = readPath(given);
    mustBeFree(context, path);
    mustHaveRoom(context, path);
    const old = context.content.manifest.get(path);
    let ref: Pick<ArtifactRef, '$artifact' | 'size' | 'mediaType'>;
    if (artifact !== undefined) {
      await mustBeStored(context, [artifact]);
      ref = artifact;
    } else {
      const label = { name: path, mediaType: mediaTypeOf(path, 'text/plain') };
      ref = await context.artifacts.put(new TextEncoder().encode(text!), label);
    }
    const entry = {
      sha256: ref.$artifact,
      size: ref.size,
      mediaType: readMediaType(mediaType ?? ref.mediaType),
      taint: [],
    };
    // A call that is repeated finds what it wrote itself.
    if (old !== null && !overwrite && old.sha256 !== entry.sha256)
      throw new Refusal('not-applicable', `There is a file ${path} already, with other content.`);
    const { sha256, size } = entry;
    const verb = old === null ? 'wrote' : old.sha256 === sha256 ? 'left unchanged' : 'replaced';
    return done(
      `${verb} ${path} (${size} bytes)`,
      { path, size, mediaType: entry.mediaType, sha256 },
      { files: [[path, entry]], change: { files: new Map([[path, entry]]) } },
    );
  },
};
