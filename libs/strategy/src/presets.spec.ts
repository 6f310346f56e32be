import { PRESETS, findPreset } from './presets.js';

describe('findPreset', () => {
  it('finds a preset by its name, which is also its id', () => {
    for (const name of Object.keys(PRESETS)) expect(findPreset(name).id).toBe(name);
  });

  it.each(['serach', '', 'toString', 'constructor'])('says which presets there are instead of %j', (name) => {
    expect(() => findPreset(name)).toThrow(expect.objectContaining({ code: 'missing', message: expect.stringContaining('Known strategies: search') }));
  });
});
