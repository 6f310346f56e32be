import { isUtf8 } from 'node:buffer';
import { decodeWindows1252 } from '../../text/windows-1252.js';

/** A text file as UTF-8 bytes without a byte order mark, and how it was encoded. */
export interface DecodedText {
  readonly utf8: Buffer;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, i) => bytes[i] === byte);

/**
 * Decodes a text by its byte order mark, else as UTF-8. Bytes that are no UTF-8 are read as Windows-1252, the encoding
 * of most such files, in which every byte is a character.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (startsWith(bytes, [0xff, 0xfe])) return transcoded(bytes.subarray(2), 'utf-16le');
  if (startsWith(bytes, [0xfe, 0xff])) return transcoded(bytes.subarray(2), 'utf-16be');
  const text = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
  return isUtf8(text)
    ? { utf8: Buffer.from(text.buffer, text.byteOffset, text.byteLength), encoding: 'utf-8' }
    : { utf8: Buffer.from(decodeWindows1252(text), 'utf8'), encoding: 'windows-1252' };
}

const transcoded = (bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): DecodedText => ({
  utf8: Buffer.from(new TextDecoder(encoding).decode(bytes), 'utf8'),
  encoding,
});
