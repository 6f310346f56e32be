import { findingLines } from './doctor.js';

describe('findingLines', () => {
  it('keeps a name apart from what was found, however long the name is', () => {
    expect(findingLines({ what: 'node', state: 'ok', detail: '22' })).toEqual(['✓ node      22']);
    expect(findingLines({ what: 'world lamps', state: 'broken', detail: 'away' })).toEqual(['✗ world lamps away']);
  });
});
