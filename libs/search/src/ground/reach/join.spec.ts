import { Join, type BodyAtom } from './join.js';
import { Relation } from './relation.js';
import { TupleKeys } from './tuple-key.js';

const OBJECTS = 4;
const keys = new TupleKeys(OBJECTS);

describe('Relation', () => {
  it('numbers rows in the order of insertion and never moves them (relation.1)', () => {
    const relation = new Relation(1, new TupleKeys(100), 100);
    for (let i = 0; i < 100; i++) {
      relation.insert([99 - i]);
      expect([relation.find([99]), relation.tuple(0), relation.find([99 - i])]).toEqual([0, [99], i]);
    }
  });
});

describe('Join', () => {
  it('finds each match once, as soon as its last row is shown, whatever the pivot (relation.2, ground-join.1)', () => {
    const edge = new Relation(2, keys, OBJECTS);
    const body = {
      // (edge ?0 ?1) and (edge ?1 ?2): both atoms read one relation.
      atoms: [
        [0, 1],
        [1, 2],
      ].map((terms): BodyAtom => ({ relation: edge, terms, isStatic: false })),
      filters: [],
      domains: [0, 1, 2].map(() => ({ list: [0, 1, 2, 3], has: new Uint8Array(OBJECTS).fill(1) })),
    };
    const joins = [0, 1].map((pivot) => new Join(body, { keys, tick: () => undefined }, { pivot }));
    const binding = new Int32Array(3);
    const rows = [0, 1, 2, 3].flatMap((x) => [0, 1, 2, 3].map((y) => [x, y]));
    for (const row of rows) edge.insert(row);
    const found: string[] = [];
    for (const [shown] of rows.entries()) {
      const row = edge.reveal();
      for (const join of joins) join.run(binding, () => found.push(binding.join(' ')), row);
      const known = rows.slice(0, shown + 1);
      const expected = known.flatMap(([x, y]) => known.filter(([z]) => z === y).map(([, w]) => `${x} ${y} ${w}`));
      expect([...found].sort()).toEqual(expected.sort());
    }
  });
});
