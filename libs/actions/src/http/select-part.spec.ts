import type { Json } from '@praxis/core';
import { selectPart } from './select-part.js';

const answer: Json = {
  items: [
    { id: 1, tags: ['a'] },
    { id: 2, tags: [] },
  ],
  'odd/key': { '': 3 },
  none: null,
};

describe('selectPart', () => {
  it.each<[string, Json | undefined]>([
    ['', answer],
    ['/items/0/id', 1],
    ['items.1.id', 2],
    ['items[1].id', 2],
    ['items[].id', [1, 2]],
    [
      'items[]',
      [
        { id: 1, tags: ['a'] },
        { id: 2, tags: [] },
      ],
    ],
    ['items[].tags[]', [['a'], []]],
    ['/odd~1key/', 3],
    ['none', null],
    ['none.x', undefined],
    ['items[].name', undefined],
    ['items.length', undefined],
    ['none[]', undefined],
    ['constructor', undefined],
  ])('%j leads to %j', (path, part) => expect(selectPart(answer, path)).toEqual(part));
});
