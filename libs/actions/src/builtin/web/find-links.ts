import { Parser } from 'htmlparser2';

/** What a page is searched for. */
export interface LinksRequest {
  readonly html: string;
  /** The address of the page, against which its links are resolved. */
  readonly base: string;
  readonly most: number;
}

export interface FoundLinks {
  /** Each address once, in the order of the page. */
  readonly urls: readonly string[];
  readonly links: readonly { readonly url: string; readonly text: string }[];
  /** There are more links than were asked for, or the page is nested deeper than it is followed. */
  readonly truncated: boolean;
}

/** Deeper nesting is no page for people, and costs a parser more than its length. */
const MOST_DEPTH = 512;
const TEXT_LENGTH = 200;

/** Finds the links of a page to other pages: http and https only, without fragments, not to the page itself. */
export function findLinks(request: LinksRequest): FoundLinks {
  const finder = new LinkFinder(request);
  const parser = new Parser({
    onopentag: (name, attributes) => finder.open(name, attributes.href),
    ontext: (text) => finder.text(text),
    onclosetag: (name) => finder.close(name),
  });
  // In parts, so that what is nested too deep is not read to its end.
  const { html } = request;
  for (let at = 0; at < html.length && !finder.isTooDeep; at += 16_384) parser.write(html.slice(at, at + 16_384));
  if (!finder.isTooDeep) parser.end();
  return finder.found();
}

class LinkFinder {
  readonly #page: URL;
  readonly #most: number;
  /** Addresses with the first text that says what they are; an image before it says nothing. */
  readonly #links = new Map<string, string>();
  #origin: URL;
  #hasBase = false;
  #depth = 0;
  #isCut = false;
  #current: { readonly url: string; text: string } | null = null;
  isTooDeep = false;

  constructor({ base, most }: LinksRequest) {
    this.#page = withoutHash(new URL(base));
    this.#origin = this.#page;
    this.#most = most;
  }

  open(name: string, href: string | undefined): void {
    this.#depth += 1;
    this.isTooDeep ||= this.#depth > MOST_DEPTH;
    if (this.isTooDeep || href === undefined) return;
    if (name === 'base' && !this.#hasBase) this.#setBase(href);
    if (name === 'a' || name === 'area') this.#openLink(href);
  }

  text(text: string): void {
    if (this.#current !== null && this.#current.text.length < TEXT_LENGTH * 4) this.#current.text += text;
  }

  close(name: string): void {
    this.#depth -= 1;
    if (name === 'a' || name === 'area') this.#closeLink();
  }

  found(): FoundLinks {
    this.#closeLink();
    const links = [...this.#links].map(([url, text]) => ({ url, text }));
    return { urls: links.map(({ url }) => url), links, truncated: this.#isCut || this.isTooDeep };
  }

  /** Only the first one counts. */
  #setBase(href: string): void {
    this.#hasBase = true;
    this.#origin = resolved(href, this.#page) ?? this.#page;
  }

  #openLink(href: string): void {
    this.#closeLink();
    const url = linkOf(href, this.#origin, this.#page);
    if (url === null) return;
    if (!this.#links.has(url) && this.#links.size >= this.#most) return void (this.#isCut = true);
    this.#links.set(url, this.#links.get(url) ?? '');
    this.#current = { url, text: '' };
  }

  #closeLink(): void {
    if (this.#current === null) return;
    const { url, text } = this.#current;
    if (this.#links.get(url) === '') this.#links.set(url, text.replace(/\s+/g, ' ').trim().slice(0, TEXT_LENGTH));
    this.#current = null;
  }
}

function linkOf(href: string, origin: URL, page: URL): string | null {
  const url = resolved(href.trim(), origin);
  return url === null || url.href === page.href ? null : url.href;
}

function resolved(href: string, base: URL): URL | null {
  try {
    const url = withoutHash(new URL(href, base));
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

function withoutHash(url: URL): URL {
  const copy = new URL(url);
  copy.hash = '';
  return copy;
}
