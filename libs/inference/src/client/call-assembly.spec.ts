import * as fc from 'fast-check';
import { AnswerBuilder } from './answer-builder.js';
import { CallAssembly } from './call-assembly.js';
import type { RawCall } from './raw-answer.js';

type Piece = Readonly<Record<string, unknown>>;
const put = (...deltas: readonly (readonly Piece[])[]): readonly RawCall[] => {
  const assembly = new CallAssembly();
  for (const delta of deltas) assembly.take(delta);
  return assembly.calls();
};
const named = (calls: readonly RawCall[]): unknown => calls.map(({ name, args }) => [name, args]);

/** A text in pieces, cut at the places that a list of numbers says. */
function pieces(text: string, cuts: readonly number[]): readonly string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length));
}

const call = fc.record({
  name: fc.stringMatching(/^[a-z][a-z_.]{0,10}$/),
  args: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
});
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('calls out of a stream', () => {
  it('are the same however the stream is cut, whatever the server says of indices and ids (call-assembly.1)', () => {
    const marks = fc.constantFrom('index and id', 'index', 'id', 'id, all numbered 0');
    fc.assert(
      fc.property(fc.array(fc.tuple(call, cuts), { minLength: 1, maxLength: 4 }), marks, (calls, mark) => {
        const deltas = calls.flatMap(([{ name, args }, places], i) =>
          pieces(args, places).map((part, n) => ({
            ...(mark.startsWith('index') ? { index: i } : mark.endsWith('0') ? { index: 0 } : {}),
            ...(mark.includes('id') && n === 0 ? { id: `c${i}` } : {}),
            function: { ...(n === 0 ? { name } : {}), arguments: part },
          })),
        );
        const expected = calls.map(([{ name, args }]) => [name, args]);
        expect(named(put(...deltas.map((delta) => [delta])))).toEqual(expected);
        expect(named(put(deltas))).toEqual(expected);
      }),
    );
  });

  it('come out of interleaved pieces by their index (call-assembly.1)', () => {
    const both = fc.tuple(call, call, cuts, cuts, fc.array(fc.boolean(), { maxLength: 20 }));
    fc.assert(
      fc.property(both, ([a, b, cutsA, cutsB, turns]) => {
        const queues = [pieces(a.args, cutsA), pieces(b.args, cutsB)].map((parts, index) =>
          parts.map((part, n) => ({
            index,
            function: { ...(n === 0 ? { name: [a, b][index]!.name } : {}), arguments: part },
          })),
        );
        // Whichever call comes first is the first call.
        const deltas = [queues[0]!.shift()!, queues[1]!.shift()!];
        for (const turn of turns) deltas.push(...queues[turn ? 0 : 1]!.splice(0, 1));
        deltas.push(...queues[0]!, ...queues[1]!);
        expect(named(put(...deltas.map((delta) => [delta])))).toEqual([
          [a.name, a.args],
          [b.name, b.args],
        ]);
      }),
    );
  });

  it('are told apart without index and id, where each comes whole (call-assembly.2)', () => {
    const whole = [
      { function: { name: 'look', arguments: { at: 'a' } } },
      { function: { name: 'look', arguments: { at: 'b' } } },
      { function: { name: 'take', arguments: '{}' } },
    ];
    const expected = [
      ['look', '{"at":"a"}'],
      ['look', '{"at":"b"}'],
      ['take', '{}'],
    ];
    expect(named(put(whole))).toEqual(expected);
    expect(named(put(...whole.map((one) => [one])))).toEqual(expected);
    expect(named(put(...whole.map((one) => [{ index: 0, ...one }])))).toEqual(expected);
  });

  it('may name their tool in each piece (call-assembly.2)', () => {
    expect(
      named(
        put(
          [{ index: 0, id: 'a', function: { name: 'look', arguments: '{"at"' } }],
          [{ index: 0, id: 'a', function: { name: 'look', arguments: ':"a"}' } }],
        ),
      ),
    ).toEqual([['look', '{"at":"a"}']]);
  });

  it('have ids of their own, also where none or equal ones were said (call-assembly.3)', () => {
    const calls = put([
      { index: 0, function: { name: 'a', arguments: '{}' } },
      { index: 1, id: 'call-1', function: { name: 'b', arguments: '{}' } },
      { index: 2, id: 'call-1', function: { name: 'c', arguments: '{}' } },
      { index: 3, id: '', function: { name: 'd', arguments: '{}' } },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
  });

  it('are read in the one form that there was before, in pieces too', () => {
    const builder = new AnswerBuilder(1, 100);
    for (const function_call of [{ name: 'look', arguments: '' }, { arguments: '{"at":' }, { arguments: '"a"}' }])
      builder.take({ choices: [{ index: 0, delta: { function_call } }] });
    builder.take({ choices: [{ index: 0, delta: {}, finish_reason: 'function_call' }] });
    expect(builder.finish()).toMatchObject({ finish: 'tool-calls', calls: [{ name: 'look', args: '{"at":"a"}' }] });
  });
});
