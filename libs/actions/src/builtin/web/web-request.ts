import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SkillError } from '../../authoring/skill-error.js';
import { refusedAddresses, refusedHost, type AllowedHosts } from './web-address.js';

/** How names are resolved and which hosts of one's own may be asked. */
export interface WebOptions {
  readonly allowed: AllowedHosts;
  /** How a name is resolved; by the system where nothing is said. */
  readonly lookup?: typeof systemLookup;
}

/** The head of an answer, and its body as it comes in; whoever has it reads or closes the body. */
export interface WebAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
  readonly redirects: number;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a GET or HEAD and follows redirects by hand.
 *
 * web-request.1 Every hop is judged before anything is sent: its scheme, its host, and the addresses that its name has
 *               at the moment of the connection. The checked address is the one that is connected to.
 * web-request.2 No credentials and no cookies are sent, to any hop.
 */
export async function webRequest(
  text: string,
  method: 'GET' | 'HEAD',
  options: WebOptions,
  signal: AbortSignal,
): Promise<WebAnswer> {
  let url = webUrl(text);
  for (let redirects = 0; ; redirects++) {
    const answer = await oneHop(url, method, options, signal);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.statusCode!) || location === undefined)
      return {
        url: url.href,
        status: answer.statusCode!,
        headers: answer.headers as WebAnswer['headers'],
        body: decoded(answer),
        redirects,
      };
    answer.destroy();
    if (redirects === MOST_REDIRECTS)
      throw new SkillError('world-error', `${text} redirects more than ${MOST_REDIRECTS} times`, { permanent: true });
    url = webUrl(location, url);
  }
}

/** An address of the web; `invalid-args` where it is none. */
function webUrl(text: string, base?: URL): URL {
  const url = URL.parse === undefined ? parsed(text, base) : URL.parse(text, base?.href);
  if (url === null)
    throw new SkillError('invalid-args', `${text.slice(0, 200)} is no web address`, { permanent: true });
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new SkillError('invalid-args', `${url.protocol} is not asked; only http: and https: are`, {
      permanent: true,
    });
  if (url.username !== '' || url.password !== '')
    throw new SkillError('invalid-args', `${url.host} is not asked with a name or password in the address`, {
      permanent: true,
    });
  url.hash = '';
  return url;
}

function parsed(text: string, base?: URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

function oneHop(url: URL, method: string, options: WebOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const isAllowed = options.allowed.has(url);
  const refused = refusedHost(url, isAllowed);
  if (refused !== null) return Promise.reject(notAsked(refused));
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      agent: false,
      signal,
      lookup: judgedLookup(options.lookup ?? systemLookup, isAllowed),
      headers: { 'user-agent': 'praxis', accept: '*/*', 'accept-encoding': 'identity' },
    });
    request.on('response', resolve);
    request.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer);
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(signal.aborted ? signal.reason : networkError(url, error)),
    );
    request.end();
  });
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** web-request.1 */
function judgedLookup(lookup: typeof systemLookup, isAllowed: boolean) {
  return (host: string, options: LookupOptions, done: LookupDone): void =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const why = refusedAddresses(
        host,
        found.map(({ address }) => address),
        isAllowed,
      );
      if (why !== null) return done(notAsked(why), []);
      return options.all === true ? done(null, found) : done(null, found[0]!.address, found[0]!.family);
    });
}

const notAsked = (why: string): SkillError =>
  new SkillError(
    'denied',
    `${why} and is not asked. An operator can allow hosts of one's own by web.allow (PRAXIS_WEB_ALLOW=host:port, where Praxis is started).`,
    {
      permanent: true,
    },
  );

/** Failures of the network by what they mean for a later attempt. */
function networkError({ host }: URL, error: NodeJS.ErrnoException): Error {
  if (error instanceof SkillError) return error;
  const code = error.code ?? 'no reason given';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return new SkillError('world-error', `${host} has no valid certificate (${code})`, { cause: error });
  if (code.startsWith('HPE_'))
    return new SkillError('world-error', `${host} does not answer by HTTP (${code})`, { cause: error });
  return new SkillError('unavailable', `${host} could not be reached (${code})`, { cause: error });
}

/** The body without its compression: some servers compress for whoever did not ask for it. */
function decoded(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding']?.toLowerCase();
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : null;
  if (decoder === null) return answer;
  answer.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => answer.destroy());
  return answer.pipe(decoder);
}

/** Reads a body up to a limit in bytes, and closes it. */
export async function* bodyParts(answer: WebAnswer, limit: number): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const part of answer.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > limit)
        throw new SkillError(
          'world-error',
          `${answer.url} is larger than ${limit} bytes; give a larger maxBytes, or a path to save it`,
          { permanent: true },
        );
      yield part;
    }
  } catch (thrown) {
    if (
      thrown instanceof SkillError ||
      (thrown as Error).name === 'AbortError' ||
      (thrown as Error).name === 'TimeoutError'
    )
      throw thrown;
    throw new SkillError(
      'unavailable',
      `${answer.url} broke off: ${(thrown as NodeJS.ErrnoException).code ?? (thrown as Error).message}`,
    );
  } finally {
    answer.body.destroy();
  }
}
