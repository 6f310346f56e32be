import { decodeWindows1252 } from './windows-1252.js';

describe('decodeWindows1252', () => {
  it('has the signs of Windows where Latin-1 has control characters, and Latin-1 elsewhere', () => {
    expect(decodeWindows1252(Buffer.from([0x80, 0x85, 0x93, 0x94, 0x99, 0x9f, 0xe9, 0x41, 0x0a, 0x00]))).toBe(
      '€…“”™ŸéA\n\0',
    );
    expect(decodeWindows1252(new Uint8Array(0))).toBe('');
  });
});
