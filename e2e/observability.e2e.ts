import { readFileSync } from 'node:fs';
import { freePort } from '@praxis/platform';
import { parse } from 'yaml';
import { praxis, sandbox, start, type Running } from './praxis.js';

/** A metric's label names, and the values that each was seen with. */
type Labels = ReadonlyMap<string, ReadonlySet<string>>;

const read = (path: string): string => readFileSync(path, 'utf8');
const yaml = <T>(path: string): T => parse(read(path), { merge: true }) as T;

const rules = yaml<{ groups: readonly { rules: readonly { expr: string }[] }[] }>('docker/alerts.yaml').groups.flatMap(
  (g) => g.rules.map((r) => r.expr),
);
const board = JSON.parse(read('docker/grafana/dashboards/praxis.json')) as {
  panels: readonly { targets?: readonly { expr?: string; legendFormat?: string }[] }[];
};
const shown = board.panels
  .flatMap((p) => p.targets ?? [])
  .filter((t): t is { expr: string; legendFormat?: string } => t.expr !== undefined);
const queries = [...rules, ...shown.map((t) => t.expr)];

/** What Prometheus itself adds to whatever it scrapes. */
const TARGET = ['job', 'instance'];
/** Gauges of which every value of these labels is told, also where nothing has it. */
const ENUMERATED = ['praxis_runs', 'praxis_executors', 'praxis_tools', 'praxis_queue_jobs'];
const METRIC = /\b((?:praxis|process|nodejs)_[a-z_]+)(?:\{([^}]*)\})?/g;

/** What a process says about itself, read from the text that it answers Prometheus with. */
function labelsOf(text: string): ReadonlyMap<string, Labels> {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const [, name, inner = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const labels = found.get(name!) ?? new Map<string, Set<string>>();
    for (const [, label, value] of inner.matchAll(/([a-z_]+)="([^"]*)"/g))
      labels.set(label!, (labels.get(label!) ?? new Set()).add(value!));
    found.set(name!, labels);
  }
  return found;
}

/** The text between a parenthesis and the one that closes it. */
function within(expr: string, from: number): string {
  let depth = 0;
  for (let i = from; i < expr.length; i++) {
    if (expr[i] === '(') depth++;
    if (expr[i] === ')' && --depth === 0) return expr.slice(from + 1, i);
  }
  throw new Error(`a parenthesis is open: ${expr}`);
}

/** The labels that an aggregation keeps, with the metrics that it is about. */
function groupings(expr: string): readonly { readonly by: readonly string[]; readonly metrics: readonly string[] }[] {
  return [...expr.matchAll(/\bby \(([^)]*)\) (?=\()/g)].map((m) => ({
    by: m[1]!.split(/, */),
    metrics: [...within(expr, m.index + m[0].length).matchAll(METRIC)].map((metric) => metric[1]!),
  }));
}

describe('what the board and the alerts ask for', () => {
  const box = sandbox();
  let services: Running;
  let node: Running;
  let told: ReadonlyMap<string, Labels>;
  const has = (metric: string, label: string): boolean =>
    TARGET.includes(label) || told.get(metric)?.has(label) === true;

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePort()}`;
    node = start(['simulate-node', '--speed', '300', '--json'], box.env);
    await node.until(/\n/);
    const { url } = JSON.parse(node.stdout.split('\n')[0]!) as { url: string };
    services = start(['start', '--json'], { ...box.env, PRAXIS_METRICS_ADDRESS: address, PRAXIS_MODEL_URL: url });
    await services.until(/"planner"/);
    expect((await praxis(['submit', '--world', 'household', '--goal', 'breakfast-a', '--wait'], box.env)).code).toBe(0);
    const short = ['--scenario', 'breakfast-a', '--goal', '(on milk table)', '--strategy', 'react'];
    expect((await praxis(['submit', '--world', 'household', ...short, '--wait'], box.env)).code).toBe(0);
    told = labelsOf(await (await fetch(`http://${address}/metrics`)).text());
  });
  afterAll(async () => {
    await services.kill('SIGTERM');
    await node.kill('SIGTERM');
    box.remove();
  });

  it('is told by a Praxis that has reached a goal', () => {
    const asked = new Set(queries.flatMap((expr) => [...expr.matchAll(METRIC)].map((m) => m[1]!)));
    expect(asked.size).toBeGreaterThan(15);
    expect([...asked].filter((name) => !told.has(name))).toEqual([]);
  });

  it('has the labels by which it is chosen, and of gauges the values', () => {
    const matchers = queries.flatMap((expr) =>
      [...expr.matchAll(METRIC)].flatMap(([, metric, inner = '']) =>
        [...inner.matchAll(/([a-z_]+)(=~?|!~|!=)"([^"]*)"/g)].map((m) => ({
          metric: metric!,
          label: m[1]!,
          values: m[3]!.split('|'),
        })),
      ),
    );
    expect(matchers.length).toBeGreaterThan(5);
    expect(matchers.filter(({ metric, label }) => !has(metric, label))).toEqual([]);
    const chosen = matchers.filter(({ metric, label }) => ENUMERATED.includes(metric) && !TARGET.includes(label));
    expect(
      chosen.flatMap(({ metric, label, values }) =>
        values
          .filter((value) => !told.get(metric)!.get(label)!.has(value))
          .map((value) => `${metric}{${label}="${value}"}`),
      ),
    ).toEqual([]);
  });

  it('has the labels by which it is grouped and named', () => {
    const groups = queries.flatMap(groupings);
    expect(groups.length).toBeGreaterThan(15);
    expect(
      groups.flatMap(({ by, metrics }) =>
        metrics.flatMap((metric) => by.filter((label) => !has(metric, label)).map((label) => `${metric} by ${label}`)),
      ),
    ).toEqual([]);
    // An aggregation whose grouping comes behind would not be seen here.
    expect(queries.filter((expr) => /\) *(by|without) *\(|without *\(/.test(expr))).toEqual([]);
    for (const { expr, legendFormat = '' } of shown) {
      const named = [...legendFormat.matchAll(/\{\{ *([a-z_]+) *\}\}/g)].map((m) => m[1]!);
      const kept = expr.includes(' by (')
        ? groupings(expr).flatMap((g) => g.by)
        : [...TARGET, ...[...expr.matchAll(METRIC)].flatMap((m) => [...told.get(m[1]!)!.keys()])];
      expect({ expr, lost: named.filter((label) => !kept.includes(label)) }).toEqual({ expr, lost: [] });
    }
  });
});

describe('the alert about memory', () => {
  it('knows what docker-compose.yml allows each service', () => {
    const { services } = yaml<{
      services: Readonly<Record<string, { deploy?: { resources: { limits: { memory: string } } } }>>;
    }>('docker-compose.yml');
    const expr = rules.find((r) => r.includes('process_resident_memory_bytes'))!;
    const watched = [...expr.matchAll(/job=~?"praxis-\(?([a-z|]+)\)?"\} > 0\.85 \* (\d+) \* 1024 \^ ([23])/g)].flatMap(
      (m) => m[1]!.split('|').map((name) => [name, `${m[2]!}${m[3] === '3' ? 'g' : 'm'}`] as const),
    );
    expect(watched.map(([name]) => name).sort()).toEqual(['dashboard', 'executor', 'planner', 'reflector']);
    for (const [name, memory] of watched)
      expect({ name, memory }).toEqual({ name, memory: services[name]!.deploy!.resources.limits.memory });
  });
});
