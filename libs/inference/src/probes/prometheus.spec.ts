import * as fc from 'fast-check';
import { readMetrics } from './prometheus.js';

describe('readMetrics', () => {
  it('reads names, labels and values, with time stamps and exemplars left out', () => {
    const text =
      'up 1\nhttp_total{code="200",path="/a b{c}"} 1.5e3 1700000000000\n  spaced { a = "x" , b="y" }  2\nhist_bucket{le="+Inf"} 4 # {trace_id="t"} 0.5\n';
    expect(readMetrics(text)).toEqual([
      { name: 'up', labels: {}, value: 1 },
      { name: 'http_total', labels: { code: '200', path: '/a b{c}' }, value: 1_500 },
      { name: 'spaced', labels: { a: 'x', b: 'y' }, value: 2 },
      { name: 'hist_bucket', labels: { le: '+Inf' }, value: 4 },
    ]);
  });

  it('reads what was escaped in a label', () => {
    const text = String.raw`m{q="say \"hi\"",s="C:\\new",l="a\nb"} 1`;
    expect(readMetrics(text)[0]!.labels).toEqual({ q: 'say "hi"', s: String.raw`C:\new`, l: 'a\nb' });
  });

  it('passes over comments, broken lines, and what is no number', () => {
    expect(readMetrics('# TYPE up gauge\n\nup\nup{ 1\nup one\nup NaN\nup +Inf\n{a="b"} 1\n<html>\n')).toEqual([]);
  });

  it('reads back what was written, whatever the labels hold', () => {
    const label = fc.record({ name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), value: fc.string() });
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 4 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (labels, drawn) => {
          // There is no negative zero in text.
          const value = drawn + 0;
          const escaped = labels.map(
            (one) =>
              `${one.name}="${one.value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
          );
          const [sample] = readMetrics(`m${labels.length === 0 ? '' : `{${escaped.join(',')}}`} ${value}`);
          expect(sample).toEqual({
            name: 'm',
            labels: Object.fromEntries(labels.map((one) => [one.name, one.value])),
            value,
          });
        },
      ),
    );
  });
});
