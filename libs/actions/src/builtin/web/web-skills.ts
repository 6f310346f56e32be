import { STATUS_CODES } from 'node:http';
import { artifactRefSchema, type FailureCode, type Json, type Skill, type SkillCall } from '@praxis/core';
import { z } from 'zod';
import { skill } from '../../authoring/skill.js';
import { SkillError } from '../../authoring/skill-error.js';
import { fileArgument, findFile, pathArgument, readFile, writeFile } from '../../authoring/workspace-files.js';
import { compiledWorker, TaskThreads } from '../../threads/task-threads.js';
import { decodeBody, isHtml } from './decode-body.js';
import type { FoundLinks, LinksRequest } from './find-links.js';
import { bodyParts, webRequest, type WebAnswer, type WebOptions } from './web-request.js';

const MIB = 1024 * 1024;
/** The most of a body in the output, of one in a file, and of a page whose links are read, in bytes. */
const [MOST_INLINE, MOST_SAVED, MOST_PAGE] = [16 * MIB, 256 * MIB, 16 * MIB];
const LINKS_MS = 10_000;

const url = z.string().min(1).max(8_000).describe('http or https');
const timeoutMs = z.int().min(1).max(300_000).default(30_000).describe('milliseconds for the whole request');
const json = z.json();

const threads = new TaskThreads<LinksRequest, FoundLinks>(() => compiledWorker('links.worker.js', import.meta.url), {
  seats: 2,
  memoryMb: 256,
  idleMs: 5_000,
});

/** Runs a request under the call's signal and its own time. */
async function inTime<T>(
  call: SkillCall,
  host: string,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(ms);
  try {
    return await work(AbortSignal.any([call.signal, late]));
  } catch (thrown) {
    if (late.aborted && !call.signal.aborted && !(thrown instanceof SkillError))
      throw new SkillError('timeout', `${host} did not answer within ${ms} ms`, { mayRepeat: true });
    throw thrown;
  }
}

const hostOf = (text: string): string => /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? text.slice(0, 100);

const fetchSkill = (options: WebOptions): Skill =>
  skill({
    name: 'web.fetch',
    source: 'builtin',
    outside: true,
    summary: 'reads a page or a file of the web by GET, as text, JSON or HTML, or into a file of the workspace',
    input: z.object({
      url,
      as: z.enum(['text', 'json', 'html']).default('text').describe('html: fails where the answer is no page'),
      path: pathArgument.optional().describe('save the body as this file instead of giving it'),
      maxBytes: z.int().min(1).max(MOST_SAVED).optional().describe('larger answers fail; 2 MiB, or 64 MiB with path'),
      timeoutMs,
    }),
    output: z.object({
      url: z.string().describe('after redirects'),
      status: z.int(),
      contentType: z.string().nullable(),
      body: json.describe('null where it was saved'),
      file: artifactRefSchema.nullable(),
      redirects: z.int(),
    }),
    reads: ['host:{url}'],
    writes: ['file:{path}'],
    run: (args, call) =>
      inTime(call, hostOf(args.url), args.timeoutMs, async (signal) => {
        const answer = await webRequest(args.url, 'GET', options, signal);
        if (answer.status < 200 || answer.status > 299) throw badStatus(answer);
        const contentType = answer.headers['content-type'] ?? null;
        const { file, body } = await readBody(answer, args, call);
        const { url: found, status, redirects } = answer;
        return {
          value: { url: found, status, contentType, body, file, redirects },
          artifacts: file === null ? [] : [file],
          message: `${found} answered ${status}, ${contentType ?? 'no media type'}`,
          taint: [`http:${new URL(found).host}`],
        };
      }),
  });

interface BodyOptions {
  readonly as: 'text' | 'json' | 'html';
  readonly path?: string | undefined;
  readonly maxBytes?: number | undefined;
}

async function readBody(answer: WebAnswer, { as, path, maxBytes }: BodyOptions, call: SkillCall) {
  const contentType = answer.headers['content-type'] ?? null;
  if (as === 'html' && !isHtml(contentType)) {
    answer.body.destroy();
    throw new SkillError('world-error', `${answer.url} is no HTML page but ${contentType ?? 'of no media type'}`);
  }
  if (path !== undefined) {
    const mediaType = contentType?.split(';')[0]!.trim() || 'application/octet-stream';
    const parts = bodyParts(answer, maxBytes ?? 64 * MIB);
    return { file: await writeFile(call, path, parts, mediaType), body: null };
  }
  const parts: Uint8Array[] = [];
  for await (const part of bodyParts(answer, Math.min(maxBytes ?? 2 * MIB, MOST_INLINE))) parts.push(part);
  const text = decodeBody(Buffer.concat(parts), contentType);
  return { file: null, body: as === 'json' ? parsed(text, answer.url) : text };
}

function parsed(text: string, from: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new SkillError('world-error', `${from} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

/** What an answer that is no success means for the call. */
const CODES: Readonly<Record<number, FailureCode>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-applicable',
  408: 'unavailable',
  410: 'not-applicable',
  425: 'unavailable',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

function badStatus({ url: asked, status, headers, body }: WebAnswer): SkillError {
  body.destroy();
  const after = headers['retry-after'];
  const ms = after === undefined ? NaN : /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return new SkillError(CODES[status] ?? 'world-error', `${asked} answered ${said(status)}`, {
    afterMs: Number.isFinite(ms) ? Math.max(0, ms) : null,
  });
}

const said = (status: number): string =>
  `${status}${STATUS_CODES[status] === undefined ? '' : ` ${STATUS_CODES[status]}`}`;

const headSkill = (options: WebOptions): Skill =>
  skill({
    name: 'web.head',
    source: 'builtin',
    outside: true,
    summary: 'checks whether a link answers; a dead link is a result, not a failure',
    input: z.object({ url, timeoutMs }),
    output: z.object({
      url: z.string(),
      ok: z.boolean(),
      status: z.int().nullable(),
      finalUrl: z.string().nullable().describe('after redirects'),
      error: z.string().nullable(),
    }),
    reads: ['host:{url}'],
    async run(args, call) {
      const found = await probe(args.url, args.timeoutMs, options, call);
      return {
        value: { url: args.url, ...found },
        message: `${args.url}: ${found.status ?? found.error}`,
        taint: [`http:${hostOf(found.finalUrl ?? args.url)}`],
      };
    },
  });

interface LinkState {
  readonly ok: boolean;
  readonly status: number | null;
  readonly finalUrl: string | null;
  readonly error: string | null;
}

async function probe(text: string, ms: number, options: WebOptions, call: SkillCall): Promise<LinkState> {
  const ask = (method: 'GET' | 'HEAD'): Promise<WebAnswer> =>
    inTime(call, hostOf(text), ms, async (signal) => {
      const answer = await webRequest(text, method, options, signal);
      answer.body.destroy();
      return answer;
    });
  try {
    const head = await ask('HEAD').catch((thrown: unknown) => {
      if (call.signal.aborted || !(thrown instanceof SkillError) || thrown.permanent) throw thrown;
      return null;
    });
    // Servers refuse HEAD in many ways; only an answer to GET says that a page is not there.
    const answer = head !== null && (head.status < 400 || head.status === 429) ? head : await ask('GET');
    const ok = answer.status >= 200 && answer.status < 300;
    return { ok, status: answer.status, finalUrl: answer.url, error: ok ? null : said(answer.status) };
  } catch (thrown) {
    if (call.signal.aborted || !(thrown instanceof SkillError)) throw thrown;
    return { ok: false, status: null, finalUrl: null, error: thrown.message };
  }
}

const links = skill({
  name: 'web.links',
  source: 'builtin',
  summary: 'lists the links of an HTML page, each address once, without fragments and mail addresses',
  input: z.object({
    html: z.string().max(MOST_PAGE).optional().describe('the page, such as the body of web.fetch'),
    file: fileArgument.optional().describe('the page as a file, instead of html'),
    base: z.string().describe('address of the page'),
    most: z.int().min(1).max(100_000).default(10_000),
  }),
  output: z.object({
    urls: z.array(z.string()),
    links: z.array(z.object({ url: z.string(), text: z.string() })),
    truncated: z.boolean(),
  }),
  reads: ['file:{file}'],
  async run({ html, file, base, most }, call) {
    if ((html === undefined) === (file === undefined))
      throw new SkillError('invalid-args', 'web.links takes either `html` or `file`');
    if (!URL.canParse(base)) throw new SkillError('invalid-args', '`base` must be the full address of the page');
    const page = html ?? decodeBody(await readFile(call, await findFile(call, file!), MOST_PAGE), 'text/html');
    const found = await threads.run({ html: page, base, most }, { signal: call.signal, timeoutMs: LINKS_MS });
    return { value: found, message: `${found.urls.length} links${found.truncated ? ', cut' : ''}` };
  },
});

/** The web, behind a guard against hosts that are not public. */
export const webSkills = (options: WebOptions): readonly Skill[] => [fetchSkill(options), links, headSkill(options)];

/** Ends the threads that wait for work. */
export const closeLinkThreads = (): Promise<void> => threads.close();
