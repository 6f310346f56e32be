import * as fc from 'fast-check';
import { textHash, type KeptText } from '../journal/blobs.js';
import type { Json } from '../values/json.js';
import { linkAnswer, linkTranscript, readTranscript } from './transcript.js';

/** A store of texts that counts what it holds. */
class Texts {
  readonly bodies = new Map<string, string>();
  asked = 0;

  keep(texts: readonly KeptText[]): void {
    for (const { sha256, body, refs } of texts) {
      expect(textHash(body)).toBe(sha256);
      for (const ref of refs) expect(this.bodies.has(ref) || texts.some((t) => t.sha256 === ref)).toBe(true);
      this.bodies.set(sha256, body);
    }
  }

  read = async (hashes: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    this.asked++;
    return new Map(hashes.flatMap((h) => (this.bodies.has(h) ? [[h, this.bodies.get(h)!] as const] : [])));
  };

  has = (sha256: string): boolean => this.bodies.has(sha256);
  bytes = (): number => [...this.bodies.values()].reduce((sum, body) => sum + body.length, 0);
}

const message = (role: string, n: number): Json => ({
  role,
  content: `${role} says something of some length, number ${n}. ${'la '.repeat(30)}`,
});

/** Calls a model so often, each time with all that was said before; stores what each call adds. */
function talk(texts: Texts, calls: number): readonly Json[] {
  const messages: Json[] = [message('system', 0)];
  for (let call = 0; call < calls; call++) {
    messages.push(message('user', call));
    const { head, links } = linkTranscript(messages, texts.has);
    texts.keep(links);
    const answer = message('assistant', call);
    texts.keep([linkAnswer(head, answer)]);
    messages.push(answer);
  }
  return messages;
}

describe('linkTranscript', () => {
  it('takes room in proportion to what was said, however many calls said it (transcript.2)', () => {
    const bytes = [100, 200, 400].map((calls) => {
      const texts = new Texts();
      talk(texts, calls);
      return texts.bytes();
    });
    const [few, more, most] = bytes as [number, number, number];
    expect((most - more) / 200 / ((more - few) / 100)).toBeCloseTo(1, 1);
    expect(most).toBeLessThan(4.1 * few);
  });

  it('adds the new messages of a call only, and an answer is part of the next call (transcript.2)', () => {
    const texts = new Texts();
    const messages = talk(texts, 10);
    const { links } = linkTranscript([...messages, message('user', 10)], texts.has);
    expect(links).toHaveLength(1);
    expect(texts.bodies.size).toBe(21);
  });

  it('shares the beginnings of conversations, whoever has them (transcript.1)', () => {
    const conversation = fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 8 }) as fc.Arbitrary<Json[]>;
    fc.assert(
      fc.property(conversation, conversation, conversation, (start, a, b) => {
        const copied = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
        const [first, second] = [linkTranscript([...start, ...a]), linkTranscript(copied([...start, ...b]))];
        expect(second.links.slice(0, start.length)).toEqual(first.links.slice(0, start.length));
        expect(linkTranscript(copied([...start, ...a]))).toEqual(first);
      }),
    );
  });

  it('is right about a message that stands in two places (transcript.3)', () => {
    const twice = { role: 'user', content: 'again' };
    const all = linkTranscript([twice, twice, 'x', twice]).links;
    expect(new Set(all.map((l) => l.sha256)).size).toBe(4);
    expect(linkTranscript([twice]).head).toBe(all[0]!.sha256);
    for (const { sha256, body } of all) expect(textHash(body)).toBe(sha256);
  });

  it('does not read a message again that it has linked in this place (transcript.3)', () => {
    let reads = 0;
    const counted = {
      role: 'user',
      get content() {
        return `${(reads++, 'text')}`;
      },
    };
    const { links } = linkTranscript([counted]);
    const before = reads;
    linkTranscript([counted, 'new'], (sha256) => sha256 === links[0]!.sha256);
    expect(reads).toBe(before);
  });
});

describe('readTranscript', () => {
  it('gives back what was linked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 12 }), async (values) => {
        const messages = JSON.parse(JSON.stringify(values)) as Json[];
        const texts = new Texts();
        const { head, links } = linkTranscript(messages);
        texts.keep(links);
        expect(await readTranscript(head, texts.read)).toEqual(messages);
      }),
    );
  });

  it('gives back calls of tools and their results, after messages of a release that knew none', async () => {
    const older = [
      { role: 'system', content: 'You act.' },
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: '{"action":"done"}' },
    ];
    const texts = new Texts();
    const before = linkTranscript(older);
    texts.keep(before.links);
    const messages = [
      ...older,
      {
        role: 'assistant',
        content: 'why',
        toolCalls: [{ id: 'c1', name: 'shop.list', args: { status: 'open', n: [1] } }],
      },
      { role: 'tool', call: 'c1', name: 'shop.list', content: '[{"id":1}]' },
    ];
    const { head, links } = linkTranscript(messages, texts.has);
    expect(links).toHaveLength(2);
    texts.keep(links);
    expect(await readTranscript(head, texts.read)).toEqual(messages);
    expect(await readTranscript(before.head, texts.read)).toEqual(older);
  });

  it('asks once where it is given the whole chain', async () => {
    const texts = new Texts();
    const { head, links } = linkTranscript(['a', 'b', 'c']);
    texts.keep(links);
    expect(await readTranscript(head, async () => (texts.asked++, texts.bodies))).toEqual(['a', 'b', 'c']);
    expect(texts.asked).toBe(1);
    expect(await readTranscript(null, texts.read)).toEqual([]);
  });

  it('says so where a part is gone', async () => {
    const { head } = linkTranscript(['a', 'b']);
    await expect(readTranscript(head, new Texts().read)).rejects.toMatchObject({ code: 'missing' });
  });
});
