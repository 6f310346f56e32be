import * as fc from 'fast-check';
import { laneOf, lanesFor } from './lanes.js';

describe('laneOf', () => {
  it('is default where nothing is needed, and named by all that is needed otherwise', () => {
    expect(laneOf([])).toBe('default');
    expect(laneOf([{}, { resources: [] }])).toBe('default');
    expect(laneOf([{ resources: ['mount:photos'] }, { resources: ['gpu'] }, { resources: ['gpu'] }])).toBe(
      'gpu--mount-photos',
    );
  });
});

describe('lanesFor', () => {
  it('has the lanes of the settings and one for each set of resources', () => {
    expect(lanesFor(['default'], [])).toEqual(['default']);
    expect(lanesFor(['default', 'night'], ['gpu', 'browser'])).toEqual([
      ...['default', 'night', 'gpu', 'browser', 'browser--gpu'],
    ]);
  });

  it('takes a lane exactly where all that its skills need is there', () => {
    const some = fc.subarray(['gpu', 'browser', 'mount:photos', 'mount:mail', 'shell']);
    fc.assert(
      fc.property(some, fc.array(some, { maxLength: 3 }), (owned, needs) => {
        const needed = needs.flat();
        const takes = lanesFor(['default'], owned).includes(laneOf(needs.map((resources) => ({ resources }))));
        expect(takes).toBe(needed.every((r) => owned.includes(r)));
      }),
    );
  });

  it('says what to do where there would be too many lanes', () =>
    expect(() => lanesFor([], ['a', 'b', 'c', 'd', 'e', 'f'])).toThrow(/Start a second executor/));
});
