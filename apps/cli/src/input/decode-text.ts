const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * The text of a file as UTF-8, or as UTF-16 where it begins with the mark of that, or with the zero byte that every
 * ASCII letter has there: what `>` in Windows PowerShell writes.
 */
export function decodeText(bytes: Buffer): string {
  return decoded(bytes).replace(BYTE_ORDER_MARK, '');
}

function decoded(bytes: Buffer): string {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (second === 0 && first !== 0)) return bytes.toString('utf16le');
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return bigEndian(bytes);
  return bytes.toString('utf8');
}

function bigEndian(bytes: Buffer): string {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(whole).swap16().toString('utf16le');
}
