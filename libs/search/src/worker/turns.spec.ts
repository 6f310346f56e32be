import * as fc from 'fast-check';
import { TurnLine } from './turns.js';

interface Piece {
  readonly turn: string;
  readonly name: string;
}

const pieces = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 12 })
  .map((owners) => owners.map((turn, i): Piece => ({ turn, name: `${turn}${i}` })));

function lineOf(all: readonly Piece[]): TurnLine<Piece> {
  const line = new TurnLine<Piece>();
  for (const piece of all) line.add(piece);
  return line;
}

describe('turns', () => {
  it('give no owner two seats while another has none (turns.1)', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 4 }), (all, seats) => {
        const served = lineOf(all).first(seats);
        expect(served).toHaveLength(Math.min(seats, all.length));
        expect(new Set(served).size).toBe(served.length);
        expect(new Set(served.map((p) => p.turn)).size).toBe(Math.min(seats, new Set(all.map((p) => p.turn)).size));
      }),
    );
  });

  it('come to every owner within so many rounds as there are owners for each seat, however much others have (turns.2)', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 4 }), (all, seats) => {
        const line = lineOf(all);
        const owners = new Set(all.map((p) => p.turn));
        const waited = new Map([...owners].map((turn) => [turn, 0]));
        for (let round = 0; round < 40; round++) {
          const served = line.first(seats);
          const had = new Set(served.map((p) => p.turn));
          for (const turn of owners) {
            waited.set(turn, had.has(turn) ? 0 : waited.get(turn)! + 1);
            expect(waited.get(turn)).toBeLessThanOrEqual(Math.ceil(owners.size / seats) - 1);
          }
          line.pass(served);
        }
      }),
    );
  });

  it('come to every piece of an owner too', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 4 }), (all, seats) => {
        const line = lineOf(all);
        const seen = new Set<string>();
        for (let round = 0; round < all.length * 6; round++) {
          const served = line.first(seats);
          for (const piece of served) seen.add(piece.name);
          line.pass(served);
        }
        expect(seen.size).toBe(all.length);
      }),
    );
  });
});
