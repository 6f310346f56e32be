import * as fc from 'fast-check';
import { z } from 'zod';
import { eventCodec, type Upcaster } from './event-codec.js';
import { jsonRecordSchema, jsonSchema, type Json } from '../values/json.js';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('moved'), from: z.string(), to: z.string(), by: z.string() }),
  z.object({ type: z.literal('rested') }),
]);
type Event = z.infer<typeof schema>;

/** 1: `{place}`; 2: `{from, to}`; 3: with `by`. */
const toFromAndTo: Upcaster = (data) => ({ from: '?', to: (data as { place: string }).place });
const withBy: Upcaster = (data) => ({ ...(data as object), by: 'nobody' });
const codec = eventCodec<Event>(schema, { upcasters: { moved: [toFromAndTo, withBy] } });

/** The objects within a value that are not frozen. */
function changeable(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Object.isFrozen(value) ? [] : [value]), ...Object.values(value).flatMap(changeable)];
}

const stored = (type: string, version: number, data: Json) => ({
  type,
  version,
  data,
  stream: 'run/r-1',
  position: 7,
  at: 0,
});

describe('eventCodec', () => {
  it('reads back what it wrote, under the current version', () => {
    const event: Event = { type: 'moved', from: 'a', to: 'b', by: 'me' };
    expect(codec.encode(event)).toEqual({ type: 'moved', version: 3, data: { from: 'a', to: 'b', by: 'me' } });
    expect(codec.decode(codec.encode(event))).toEqual(event);
    expect(codec.encode({ type: 'rested' })).toEqual({ type: 'rested', version: 1, data: {} });
  });

  it.each([
    [1, { place: 'b' }, { from: '?', to: 'b', by: 'nobody' }],
    [2, { from: 'a', to: 'b' }, { from: 'a', to: 'b', by: 'nobody' }],
    [3, { from: 'a', to: 'b', by: 'me' }, { from: 'a', to: 'b', by: 'me' }],
  ])('lifts data of version %i through the versions in between', (version, data, lifted) => {
    expect(codec.decode(stored('moved', version, data))).toEqual({ type: 'moved', ...lifted });
  });

  it.each([
    ['a version of tomorrow', stored('rested', 2, {})],
    ['a version that never was', stored('rested', 0, {})],
    ['a type of tomorrow', stored('danced', 1, {})],
  ])('leaves %s to a newer release, and says where it stands', (_what, event) => {
    expect(() => codec.decode(event)).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringMatching(/run\/r-1#7.*newer release/) }),
    );
  });

  it.each([
    ['data that do not fit', stored('moved', 3, { from: 'a' })],
    ['data that are no object', stored('moved', 3, null)],
  ])('takes %s for damaged, and says where they stand and what to do', (_what, event) => {
    expect(() => codec.decode(event)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/run\/r-1#7.*damaged.*backup/) }),
    );
  });

  it('decodes an event that was read once, and gives all its readers the same one (event-codec.1)', () => {
    const event = stored('moved', 1, { place: 'b' });
    expect(codec.decode(event)).toBe(codec.decode(event));
    expect(codec.decode({ ...event })).not.toBe(codec.decode(event));
  });

  it('gives an event in which nobody can change anything (event-codec.2)', () => {
    const kept = eventCodec(
      z.discriminatedUnion('type', [z.object({ type: z.literal('kept'), what: jsonSchema, in: jsonRecordSchema })]),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (what, inside) => {
        const data = JSON.parse(JSON.stringify({ what, in: inside })) as Json;
        expect(changeable(kept.decode(stored('kept', 1, data)))).toEqual([]);
      }),
    );
  });

  it('leaves what is about to be written to its writer', () => {
    const kept = eventCodec(z.discriminatedUnion('type', [z.object({ type: z.literal('kept'), what: jsonSchema })]));
    const what = { list: [1] };
    kept.decode(kept.encode({ type: 'kept', what }));
    what.list.push(2);
    expect(kept.decode(kept.encode({ type: 'kept', what }))).toEqual({ type: 'kept', what: { list: [1, 2] } });
  });

  it('names the blobs of an event, and only where there are any', () => {
    const withRefs = eventCodec<Event>(schema, { refs: (event) => (event.type === 'moved' ? [event.by] : []) });
    expect(withRefs.encode({ type: 'moved', from: 'a', to: 'b', by: 'hash' }).refs).toEqual(['hash']);
    expect(withRefs.encode({ type: 'rested' })).not.toHaveProperty('refs');
  });
});
