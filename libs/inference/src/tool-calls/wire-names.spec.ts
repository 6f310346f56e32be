import * as fc from 'fast-check';
import { wireNames } from './wire-names.js';

const tool = (name: string) => ({ name, summary: '', parameters: {} });

describe('names on the wire', () => {
  it('are the tools’ own where the protocol allows them, and else as near as it allows (wire-names.1)', () => {
    expect([...wireNames([tool('look'), tool('shop.list'), tool('shop_list'), tool('größe'), tool('.')])]).toEqual([
      ['look', 'look'],
      ['shop.list', 'shop_list_2'],
      ['shop_list', 'shop_list'],
      ['größe', 'gr__e'],
      ['.', '_'],
    ]);
  });

  it('are allowed and different, whatever the tools are called (wire-names.1, wire-names.2)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 80 }), { maxLength: 40 }), (names) => {
        const wire = wireNames(names.map(tool));
        expect(new Set(wire.values()).size).toBe(names.length);
        for (const name of wire.values()) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect([...wireNames(names.map(tool))]).toEqual([...wire]);
      }),
    );
  });
});
