import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Action, ActionResult, Json } from '@praxis/core';
import { parseSkills } from '../declared-skill.js';
import { SkillRegistry } from '../skill-registry.js';

const seen: unknown[] = [];
let server: Server;
let host = '';

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const body = await text(request);
  const header = headers['x-ids'];
  seen.push([method, url, ...(header === undefined ? [] : [header]), ...(body === '' ? [] : [JSON.parse(body)])]);
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
}
beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void (seen.length = 0));

const string = { type: 'string' };
const texts = { type: 'array', items: string };

interface Http {
  readonly method?: string;
  readonly url?: string;
  readonly query?: Json;
  readonly headers?: Json;
  readonly body?: Json;
}
/** A skill whose arguments are these properties, or fit this schema. */
const declare = (input: { readonly [key: string]: Json }, { url = '/o', ...http }: Http): SkillRegistry => {
  const skills = [{ name: 'it', summary: 'does it', input, http: { url: `${host}${url}`, ...http } }];
  const declared = parseSkills(JSON.stringify({ skills }), { file: 'skills.json', secret: () => '' });
  return SkillRegistry.of(declared.map(({ skill }) => skill));
};
const call = async (registry: SkillRegistry, args: Action['args']): Promise<ActionResult> =>
  (await registry.run({ skill: 'it', args }, 'key-1', new AbortController().signal)).result;

describe('an API of another form', () => {
  const GET = 'GET';
  it.each<[string, { readonly [key: string]: Json }, Http, Action['args'], unknown]>([
    [
      'odd characters in the path',
      { properties: { id: string }, required: ['id'] },
      { method: GET, url: '/o/{id}.json' },
      { id: '#W1/ü?a b%2F' },
      [GET, '/o/%23W1%2F%C3%BC%3Fa%20b%252F.json'],
    ],
    [
      'a list in the path',
      { properties: { ids: { type: 'array', items: { type: 'integer' } } }, required: ['ids'] },
      { method: GET, url: '/o/{ids}' },
      { ids: [7, 8] },
      [GET, '/o/7%2C8'],
    ],
    [
      'a list that is repeated in the query',
      { properties: { ids: texts } },
      { method: GET, query: { 'id[]': '{ids}' } },
      { ids: ['a', 'b&c'] },
      [GET, '/o?id%5B%5D=a&id%5B%5D=b%26c'],
    ],
    [
      'a list that is one parameter of the query',
      { properties: { ids: texts, more: texts } },
      { method: GET, query: { ids: { list: '{ids}', join: '|' }, more: { list: '{more}', join: ',' } } },
      { ids: ['a', 'b'] },
      [GET, '/o?ids=a%7Cb'],
    ],
    [
      'a list in a header',
      { properties: { ids: texts } },
      { method: GET, headers: { 'x-ids': '{ids}' } },
      { ids: ['a', 'b'] },
      [GET, '/o', 'a,b'],
    ],
    [
      'names that no placeholder can hold',
      { properties: { $top: { type: 'integer' }, 'filter[a.b]': string } },
      { method: GET },
      { $top: 1, 'filter[a.b]': 'x' },
      [GET, '/o?%24top=1&filter%5Ba.b%5D=x'],
    ],
    [
      'an argument called key',
      { properties: { key: string, value: {} }, required: ['key'] },
      { body: 'json' },
      { key: 'colour', value: { nested: [1, null] } },
      ['POST', '/o', { key: 'colour', value: { nested: [1, null] } }],
    ],
    [
      'a DELETE with a body',
      { properties: { id: string, reason: string }, required: ['id'] },
      { method: 'DELETE', url: '/o/{id}', body: 'json' },
      { id: '1', reason: 'späť' },
      ['DELETE', '/o/1', { reason: 'späť' }],
    ],
    [
      'a body whose form is shared with other operations',
      {
        $ref: '#/$defs/New',
        $defs: {
          New: {
            allOf: [
              { properties: { id: string }, required: ['id'] },
              { properties: { n: { type: ['integer', 'null'], default: 2 } } },
            ],
          },
        },
      },
      { method: 'PUT', url: '/o/{id}', body: 'json' },
      { id: '1' },
      ['PUT', '/o/1', { n: 2 }],
    ],
    [
      'a value that may be null, as OpenAPI 3.0 says it',
      { properties: { note: { type: 'string', nullable: true } } },
      {},
      { note: null },
      ['POST', '/o', { note: null }],
    ],
    [
      'further fields of any name',
      { properties: { labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 3 } } } },
      {},
      { labels: { 'a/b': 'x' } },
      ['POST', '/o', { labels: { 'a/b': 'x' } }],
    ],
  ])('gets %s as it is meant', async (_, input, http, args, expected) => {
    expect(await call(declare(input, http), args)).toMatchObject({ ok: true });
    expect(seen).toEqual([expected]);
  });

  const price = { type: 'number', exclusiveMinimum: 0 };
  const PAYMENT = {
    anyOf: [
      { properties: { card: { type: 'string', pattern: '^[0-9]{4}$' }, price }, required: ['card', 'price'] },
      { properties: { gift: string }, required: ['gift'] },
    ],
  };
  it.each<[Json, Action['args'], string]>([
    [PAYMENT, { card: '12' }, 'card must match pattern'],
    [PAYMENT, { card: '1234' }, 'price is missing'],
    [PAYMENT, { card: '1234', price: 0 }, 'price must be > 0, found 0'],
    [PAYMENT, { gift: 'g', crad: '1234' }, 'there is no crad; did you mean `card`?'],
    [
      { properties: { a: { items: PAYMENT } } },
      { a: [{ gift: 'g' }, { gift: 1 }] },
      'a.1.gift must be a string, found 1',
    ],
    [{ properties: { at: { format: 'date-time' } } }, { at: 'today' }, 'at must be a date-time, found "today"'],
    [{ properties: { n: { additionalProperties: { type: 'integer' } } } }, { n: { x: '1' } }, 'n.x must be an integer'],
  ])('is not asked where the arguments do not fit: %#', async (input, args, message) => {
    const result = await call(declare(input as { [key: string]: Json }, {}), args);
    expect(result).toMatchObject({ ok: false, code: 'invalid-args', message: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });
});
