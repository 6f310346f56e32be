/** One sample of a metrics page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{(?:[^"}]|"(?:\\.|[^"\\])*")*\})?\s+(\S+)(?:\s+-?\d+)?(?:\s+#.*)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:\\.|[^"\\])*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads the text format of Prometheus and OpenMetrics, as far as engines write it. Lines that are none of a sample are
 * passed over, since a probe would rather know less than fail: comments, broken lines, and values that are no finite
 * number.
 */
export function readMetrics(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const found = line.startsWith('#') ? null : LINE.exec(line.trim());
    const value = found ? Number(found[3]) : Number.NaN;
    if (found && Number.isFinite(value)) samples.push({ name: found[1]!, labels: readLabels(found[2] ?? ''), value });
  }
  return samples;
}

function readLabels(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [
      name!,
      value!.replace(/\\(.)/g, (whole, char: string) => ESCAPES[char] ?? whole),
    ]),
  );
}
