import * as fc from 'fast-check';
import { contentDisposition } from './content-disposition.js';
import { viewTypeOf } from './view-type.js';

const plainOf = (header: string): string => /filename="([^"]*)"/.exec(header)![1]!;
const realOf = (header: string): string => decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(header)![1]!);

describe('the name under which a file is saved', () => {
  it.each([
    ['report.md', 'report.md', 'report.md'],
    ['charts/top ten.svg', 'top ten.svg', 'top ten.svg'],
    ['he said "no".txt', 'he said _no_.txt', 'he said "no".txt'],
    ['a\r\nset-cookie: x=1.txt', 'a__set-cookie_ x_1.txt', 'a__set-cookie: x=1.txt'],
    ['отчёт за май.csv', '_____ __ ___.csv', 'отчёт за май.csv'],
    ["it's 100% (new)*.txt", 'it_s 100_ (new)_.txt', "it's 100% (new)*.txt"],
    ['..\\..\\windows\\win.ini', 'win.ini', 'win.ini'],
    ['../..', 'file', 'file'],
    ['invoice\u202Egpj.exe', 'invoice_gpj.exe', 'invoice_gpj.exe'],
    ['half \ud800 a letter', 'half _ a letter', 'half _ a letter'],
  ])('of %j is plain where it must be, and real where it can be', (path, plain, real) => {
    const header = contentDisposition('attachment', path);
    expect([plainOf(header), realOf(header)]).toEqual([plain, real]);
  });

  it('never ends the header, leaves its quotes or names a folder, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), (path) => {
        const header = contentDisposition('inline', path);
        expect(header).toMatch(/^inline; filename="[\w.() -]+"; filename\*=UTF-8''[\w.%~-]+$/);
        expect(realOf(header)).not.toMatch(/[\\/]/);
        expect(realOf(header).length).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe('as what a file is shown', () => {
  it.each([
    ['image/png', 'image/png'],
    ['IMAGE/SVG+XML; charset=utf-8', 'image/svg+xml'],
    ['text/html', 'text/plain; charset=utf-8'],
    ['text/markdown', 'text/plain; charset=utf-8'],
    ['application/xhtml+xml', 'text/plain; charset=utf-8'],
    ['application/json', 'text/plain; charset=utf-8'],
    ['application/pdf', null],
    ['image/x-icon', null],
    ['multipart/x-mixed-replace', null],
    ['text\r\nx: y', null],
    ['', null],
  ])('%j is %j', (mediaType, shown) => expect(viewTypeOf(mediaType)).toBe(shown));
});
