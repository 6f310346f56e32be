import * as fc from 'fast-check';
import { decodeText } from './decode-text.js';

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((end) => `(${end}`);

describe('decodeText', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first, with its mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first, with its mark', (text: string) => bigEndian(`\ufeff${text}`)],
    ['UTF-16, little end first, without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first, without a mark', (text: string) => bigEndian(text)],
  ])('reads %s', (_, encode) => {
    fc.assert(
      fc.property(
        text.filter((one) => Buffer.from(one).toString() === one),
        (text) => expect(decodeText(encode(text))).toBe(text),
      ),
    );
    expect(decodeText(encode('(define (domain küche) ; 🫖\n)'))).toBe('(define (domain küche) ; 🫖\n)');
  });

  it('reads an empty file, one byte and half a letter', () => {
    expect(decodeText(Buffer.from([]))).toBe('');
    expect(decodeText(Buffer.from([0x28]))).toBe('(');
    expect(decodeText(Buffer.from([0xfe, 0xff, 0, 0x28, 0]))).toBe('(');
  });
});
