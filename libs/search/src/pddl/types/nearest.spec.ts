import { nearestName, suggestion } from './nearest.js';

describe('nearestName', () => {
  it('finds the name with the fewest slips', () => {
    expect(nearestName('opne', ['closed', 'open', 'opened'])).toBe('open');
    expect(nearestName('holdin', ['holding', 'handempty'])).toBe('holding');
  });

  it('suggests nothing that is not alike', () => {
    expect(nearestName('fly', ['drive', 'load'])).toBeNull();
    expect(nearestName('x', ['y'])).toBeNull();
  });
});

describe('suggestion', () => {
  it('lists what there is where that is short', () => {
    expect(suggestion('fly', ['drive', 'load'])).toBe('; declared: drive, load');
    expect(suggestion('fly', [])).toBe('; none is declared');
    expect(
      suggestion(
        'fly',
        Array.from({ length: 9 }, (_, at) => `action-${at}`),
      ),
    ).toBe('');
  });
});
