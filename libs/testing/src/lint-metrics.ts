/** What ids and texts look like; a label that holds one takes ever new values, and Prometheus keeps them all. */
const UNBOUNDED = /^r-[0-9a-z]{6,}|^[0-9a-f]{16,}$|[/\\]|^.{65,}$/;

/** Base units at the end of a name, as Prometheus asks; `_total` and `_info` say what kind they are. */
const UNITS = /_(seconds|bytes|ratio|total|info|size)$/;

/** What counts things names the things. */
const THINGS = /^praxis_(runs|queue_jobs|executors|tools|questions)$/;

interface Family {
  readonly name: string;
  readonly type: string;
  readonly hasHelp: boolean;
}

/** Everything that is wrong with a text of metrics (Prometheus' format), one sentence each. */
export function lintMetrics(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const families = familiesOf(lines);
  const samples = lines.filter((line) => !line.startsWith('#'));
  return [
    ...[...families.values()].flatMap(lintFamily),
    ...samples.flatMap((line) => lintSample(line, families)),
    ...repeated(samples),
  ];
}

function familiesOf(lines: readonly string[]): ReadonlyMap<string, Family> {
  const helped = new Set(lines.flatMap((line) => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []));
  const typed = lines.flatMap((line) => {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    return name && type ? [{ name, type, hasHelp: helped.has(name) }] : [];
  });
  return new Map(typed.map((family) => [family.name, family]));
}

function lintFamily({ name, type, hasHelp }: Family): readonly string[] {
  const found: string[] = [];
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) found.push(`${name} is not in snake case`);
  if (!hasHelp) found.push(`${name} has no HELP`);
  if (!UNITS.test(name) && !THINGS.test(name)) found.push(`${name} ends in no unit`);
  if ((type === 'counter') !== name.endsWith('_total'))
    found.push(`${name} is a ${type}: counters, and only they, end in _total`);
  if (/_(milliseconds|ms|minutes|kb|mb|percent)(_|$)/.test(name)) found.push(`${name} is not in base units`);
  return found;
}

function lintSample(line: string, families: ReadonlyMap<string, Family>): readonly string[] {
  const [, name = '', labels = ''] = /^([a-z_:0-9]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
  if (name === '') return [`no sample: ${line}`];
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  const found = family ? [] : [`${name} has no TYPE`];
  for (const [, label = '', value = ''] of labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)) {
    if (!/^[a-z_]+$/.test(label)) found.push(`the label ${label} of ${name} is not in snake case`);
    if (UNBOUNDED.test(value)) found.push(`the label ${label} of ${name} takes unbounded values such as ${value}`);
  }
  return found;
}

function repeated(samples: readonly string[]): readonly string[] {
  const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
  return series.filter((one, i) => series.indexOf(one) !== i).map((one) => `${one} stands there twice`);
}
