/** What Windows-1252 has at 0x80 to 0x9f, where Latin-1 has control characters; five places are empty. */
const SIGNS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Decodes Windows-1252. `TextDecoder` of some Node.js releases takes it for Latin-1. */
export const decodeWindows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/\p{Cc}/gu, (sign) => SIGNS[sign.charCodeAt(0) - 0x80] ?? sign);
