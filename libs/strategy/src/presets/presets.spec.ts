import { PRESETS, findPinned, findPreset } from './presets.js';

describe('findPreset', () => {
  it('finds a preset by its name, which is also its id', () => {
    for (const name of Object.keys(PRESETS)) expect(findPreset(name).id).toBe(name);
  });

  it('finds a preset by the name that it had before, for runs that began under it', () => {
    expect(findPreset('register').id).toBe('bounded-memory');
    expect(findPinned('clocks', 'planning', findPreset('async-planner').planning.version).id).toBe(
      'async-planner.planning',
    );
  });

  it('says what a preset needs, and needs no model unless it says so', () => {
    expect(
      Object.values(PRESETS)
        .filter((p) => p.needs === 'model')
        .map((p) => p.id),
    ).toEqual(['react', 'tree', 'bounded-memory', 'async-planner', 'draft']);
  });

  it.each(['serach', '', 'toString', 'constructor'])('says which presets there are instead of %j', (name) => {
    expect(() => findPreset(name)).toThrow(
      expect.objectContaining({ code: 'missing', message: expect.stringContaining('Known strategies: search') }),
    );
  });
});
