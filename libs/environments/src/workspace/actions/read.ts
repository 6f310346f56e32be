import { PraxisError, type Json } from '@praxis/core';
import { artifactOf } from '../manifest.js';
import { readArtifact, textOf } from '../read-artifact.js';
import { done, fileAt, inputOf, manifestOf, PATH, readPath, Refusal, type FileAction } from './file-action.js';

const DEFAULT_BYTES = 64 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;

interface Args {
  readonly path: string;
  readonly as?: 'text' | 'json' | 'bytes-ref';
  readonly maxBytes?: number;
}

export const readFile: FileAction<Args> = {
  manifest: manifestOf({
    name: 'files.read',
    summary: 'Reads a file as text, as JSON, or as a reference to its bytes.',
    input: inputOf(
      {
        path: PATH,
        as: { type: 'string', enum: ['text', 'json', 'bytes-ref'], default: 'text' },
        maxBytes: {
          type: 'integer',
          minimum: 1,
          maximum: MOST_BYTES,
          default: DEFAULT_BYTES,
          description: 'A longer text is cut; longer JSON is refused.',
        },
      },
      ['path'],
    ),
    output: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        size: { type: 'integer' },
        mediaType: { type: 'string' },
        sha256: { type: 'string' },
        text: { type: 'string' },
        truncated: { type: 'boolean' },
        json: {},
        file: { type: 'object' },
      },
      required: ['path', 'size', 'mediaType', 'sha256'],
    },
    requires: ['(file ?path)'],
    reads: ['file:{path}'],
    effect: 'pure',
  }),

  async run({ path: given, as = 'text', maxBytes = DEFAULT_BYTES }, context) {
    const path = readPath(given);
    const entry = fileAt(context, path);
    const { sha256, size, mediaType, taint } = entry;
    const about = { path, size, mediaType, sha256 };
    if (as === 'bytes-ref')
      return done(`read ${path} (${size} bytes)`, { ...about, file: artifactOf(path, entry) }, { taint });
    if (as === 'json' && size > maxBytes)
      throw new Refusal(
        'not-applicable',
        `${path} has ${size} bytes, more than maxBytes (${maxBytes}); JSON is read whole. Give a larger maxBytes.`,
      );
    const { bytes, isWhole } = await readArtifact(context.artifacts, sha256, maxBytes).catch((thrown: unknown) => {
      const { code, message } = PraxisError.from(thrown);
      if (code !== 'missing' && code !== 'invalid') throw thrown;
      throw new Refusal('world-error', `The bytes of ${path} cannot be read: ${message}`);
    });
    const text = textOf(bytes, isWhole);
    if (text === null)
      throw new Refusal('not-applicable', `${path} (${mediaType}) is not UTF-8 text; read it as bytes-ref.`);
    if (as === 'text')
      return done(
        `read ${path}${isWhole ? '' : `, the first ${maxBytes} of ${size} bytes`}`,
        { ...about, text, truncated: !isWhole },
        { taint },
      );
    return done(`read ${path} as JSON`, { ...about, json: parse(path, text) }, { taint });
  },
};

function parse(path: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw new Refusal('not-applicable', `${path} is not JSON: ${(thrown as Error).message}`);
  }
}
