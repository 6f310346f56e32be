import {
  keptText,
  linkAnswer,
  linkTranscript,
  readTranscript,
  stepEvents,
  subgoalStream,
  type Json,
  type Logger,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { migrate } from './migrate.js';
import { openStore, type Store } from './open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

let database: TestDatabase;
let store: Store;
let client: Client;
let now = 1_000_000_000;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => now }, poolSize: 4 });
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const bytes = async (): Promise<number> =>
  Number((await client.query('select coalesce(sum(octet_length(body)), 0) as bytes from blobs')).rows[0].bytes);

/** So many calls of one conversation, journalled as a strategy's calls are; gives the name of the last prompt. */
async function talk(subgoal: string, calls: number): Promise<string> {
  const kept = new Set<string>();
  const messages: Json[] = [{ role: 'system', content: `You are ${subgoal}. ${'Be kind. '.repeat(20)}` }];
  let prompt = '';
  for (let call = 0; call < calls; call++) {
    messages.push({ role: 'user', content: `Question ${call}: ${'what now? '.repeat(10)}` });
    const { head, links } = linkTranscript(messages, (sha256) => kept.has(sha256));
    const message = { role: 'assistant', content: `Answer ${call}` };
    const answer = linkAnswer(head, message);
    await store.blobs.keep([...links, answer]);
    for (const { sha256 } of [...links, answer]) kept.add(sha256);
    prompt = head!;
    await store.journal.append(subgoalStream(subgoal), call, [
      stepEvents.encode({ type: 'scored', id: `c${call}`, scores: [], call: { prompt, answer: answer.sha256 } }),
    ]);
    messages.push(message);
  }
  return prompt;
}

describe('blobs', () => {
  it('keep a conversation of n calls in room for n messages', async () => {
    const sizes: number[] = [];
    for (const [i, calls] of [100, 200, 400].entries()) {
      const before = await bytes();
      await talk(`r-talk.1.${i}.1`, calls);
      sizes.push((await bytes()) - before);
    }
    const [few, more, most] = sizes as [number, number, number];
    expect((most - more) / 200 / ((more - few) / 100)).toBeCloseTo(1, 1);
  });

  it('give a conversation back in one go, and the event names it', async () => {
    const prompt = await talk('r-back.1.1.1', 30);
    let asked = 0;
    const messages = await readTranscript(prompt, (hashes) => (asked++, store.blobs.readAll(hashes)));
    expect([messages.length, asked]).toEqual([60, 1]);
    expect(messages.at(-1)).toMatchObject({ content: expect.stringContaining('Question 29') });
    const event = (await store.journal.read(subgoalStream('r-back.1.1.1'))).at(-1)!;
    expect(event.refs).toEqual([prompt, (stepEvents.decode(event) as { call: { answer: string } }).call.answer]);
  });

  it('may be kept again, by many at once', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => keptText(`text ${i}`));
    const all = [
      ...texts,
      keptText(
        'names them',
        texts.map((t) => t.sha256),
      ),
    ];
    await Promise.all(Array.from({ length: 8 }, () => store.blobs.keep(all)));
    expect((await store.blobs.read(all.map((t) => t.sha256))).size).toBe(51);
    expect((await store.blobs.readAll([all.at(-1)!.sha256])).size).toBe(51);
    expect((await store.blobs.read(['0'.repeat(64)])).size).toBe(0);
  });

  it('are kept only with all that they name (blobs.2)', async () => {
    const lost = keptText('never kept');
    const text = keptText('names it', [lost.sha256]);
    await expect(store.blobs.keep([keptText('beside it'), text])).rejects.toMatchObject({ code: 'missing' });
    expect((await store.blobs.read([text.sha256, keptText('beside it').sha256])).size).toBe(0);
    await store.blobs.keep([text, lost]);
    expect((await store.blobs.readAll([text.sha256])).size).toBe(2);
  });

  it('are touched when they are named, but not by every call', async () => {
    const keptAt = async (sha256: string): Promise<number> =>
      Number((await client.query('select kept_at from blobs where sha256 = $1', [sha256])).rows[0].kept_at);
    const first = keptText('the first');
    await store.blobs.keep([first]);
    const began = now;
    now += 60_000;
    await store.blobs.keep([keptText('soon after', [first.sha256])]);
    expect(await keptAt(first.sha256)).toBe(began);
    now += 2_000_000;
    await store.blobs.keep([keptText('long after', [first.sha256])]);
    expect(await keptAt(first.sha256)).toBe(now);
  });
});
