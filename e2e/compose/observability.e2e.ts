import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readCompose } from './compose-file.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const yaml = <T>(path: string): T => parse(read(path), { merge: true }) as T;

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly expr?: string;
    readonly query?: string;
    readonly datasource: { readonly uid: string };
  }[];
}
interface Datasource {
  readonly uid: string;
  readonly url: string;
  readonly jsonData: {
    readonly tracesToMetrics?: {
      readonly datasourceUid: string;
      readonly queries: readonly { readonly query: string }[];
    };
  };
}
interface Collector {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  readonly exporters: Readonly<Record<string, { readonly endpoint: string }>>;
  readonly receivers: {
    readonly otlp: { readonly protocols: Readonly<Record<string, { readonly endpoint: string }>> };
  };
}
interface Prometheus {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly static_configs?: readonly { readonly targets: readonly string[] }[];
    readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[];
  }[];
}

const services = readCompose('docker-compose.yml');
const board = JSON.parse(read('docker/grafana/dashboards/praxis.json')) as {
  panels: readonly Panel[];
  annotations: { list: readonly { expr?: string }[] };
};
const { datasources } = yaml<{ datasources: readonly Datasource[] }>(
  'docker/grafana/provisioning/datasources/praxis.yaml',
);
const rules = yaml<{
  groups: readonly {
    rules: readonly { alert: string; expr: string; annotations: Readonly<Record<string, string>> }[];
  }[];
}>('docker/alerts.yaml').groups.flatMap((g) => g.rules);
const prometheus = yaml<Prometheus>('docker/prometheus.yaml');
const tempo = yaml<{ server: { http_listen_port: number }; distributor: Pick<Collector, 'receivers'> }>(
  'docker/tempo.yaml',
);
const collector = yaml<Collector>('docker/otel-collector.yaml');

/** Grafana fills these in; any duration will do for who only reads. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '30m').replaceAll('{$$__tags}', '');
const queries = [
  ...board.panels.flatMap((p) => (p.targets ?? []).flatMap((t) => t.expr ?? [])),
  ...board.annotations.list.flatMap((a) => a.expr ?? []),
  ...datasources.flatMap((d) => d.jsonData.tracesToMetrics?.queries.map((q) => q.query) ?? []),
].map(filledIn);

/** The names in a query, without labels, functions and what stands in quotes or brackets. */
const metricsOf = (expr: string): readonly string[] =>
  expr.replace(/"[^"]*"/g, '').match(/\b(?:praxis|process|nodejs|otelcol)_[a-z_]+/g) ?? [];

/** What the code says it measures. */
function measured(): ReadonlySet<string> {
  const files = ['libs/platform/src/telemetry', 'libs/wire/src/server'].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  const sources = files.filter((path) => path.endsWith('.ts') && !path.includes('.spec.')).map(read);
  return new Set(sources.flatMap((text) => text.match(/\b(?:praxis|process|nodejs)_[a-z_]+/g) ?? []));
}

const portOf = (endpoint: string): string => endpoint.split(':').at(-1)!;

describe('the observability profile', () => {
  it('shows and watches only what is measured', () => {
    const known = measured();
    const unknown = [...queries, ...rules.map((r) => r.expr)]
      .flatMap(metricsOf)
      .filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')));
    // The one that is the collector's own.
    expect([...new Set(unknown)]).toEqual(['otelcol_exporter_send_failed_spans']);
    expect(queries.length).toBeGreaterThan(20);
  });

  it('shows every metric that the documentation tells of', () => {
    const shown = new Set(queries.flatMap(metricsOf).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    const told = read('docs/observability.md')
      .match(/`praxis_[a-z_]+`/g)!
      .map((name) => name.slice(1, -1));
    expect(told.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('has a board whose panels stand beside each other and ask sources that there are', () => {
    const uids = datasources.map((d) => d.uid);
    for (const { title, datasource, targets = [] } of board.panels)
      for (const uid of [...(datasource ? [datasource.uid] : []), ...targets.map((t) => t.datasource.uid)])
        expect({ title, uid, is: uids.includes(uid) }).toEqual({ title, uid, is: true });
    expect(new Set(board.panels.map((p) => p.id)).size).toBe(board.panels.length);
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(board.panels.filter((p) => p.gridPos.x + p.gridPos.w > 24)).toEqual([]);
  });

  it('asks for runs in Tempo by the names that their spans have', () => {
    const traceql = board.panels.flatMap((p) => (p.targets ?? []).flatMap((t) => t.query ?? [])).join(' ');
    const spans = read('apps/planner/src/tracing/run-spans.ts');
    for (const name of traceql.match(/praxis\.[a-z.]+/g)!) expect(spans).toContain(`'${name}'`);
    expect(spans).toContain("name: 'run'");
  });

  it('says of every alert what to do', () => {
    for (const { alert, annotations } of rules)
      expect({ alert, told: Object.keys(annotations).sort() }).toEqual({ alert, told: ['action', 'summary'] });
  });

  it('finds everything under the names and ports of docker-compose.yml', () => {
    const exists = (address: string): void =>
      expect({
        address,
        service: services.some((s) => s.name === address.replace(/^\w+:\/\//, '').split(':')[0]),
      }).toEqual({ address, service: true });
    const targets = prometheus.scrape_configs.flatMap((s) => [
      ...(s.static_configs ?? []).flatMap((c) => c.targets),
      ...(s.dns_sd_configs ?? []).flatMap((c) => c.names.map((name) => `${name}:${c.port}`)),
    ]);
    for (const address of [
      ...targets,
      ...datasources.map((d) => d.url),
      ...Object.values(collector.exporters).map((e) => e.endpoint),
    ])
      exists(address);
    // Every long-lived service of ours is scraped at the port at which it answers.
    for (const { name, environment, command } of services.filter((s) => s.isOurs && s.command[0] === 'serve'))
      expect({
        name,
        command,
        scraped: targets.includes(`${name}:${portOf(environment['PRAXIS_METRICS_ADDRESS']!)}`),
      }).toEqual({ name, command, scraped: true });
    expect(datasources.find((d) => d.uid === 'tempo')!.url).toBe(`http://tempo:${tempo.server.http_listen_port}`);
    expect(Object.values(collector.exporters).map((e) => portOf(e.endpoint))).toEqual([
      portOf(tempo.distributor.receivers.otlp.protocols['grpc']!.endpoint),
    ]);
    expect(read('docs/deploy.md')).toContain(
      `http://otel-collector:${portOf(collector.receivers.otlp.protocols['http']!.endpoint)}`,
    );
  });

  it('joins in the collector only what is declared there', () => {
    const declared = collector as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    for (const pipeline of Object.values(collector.service.pipelines))
      for (const [kind, names] of Object.entries(pipeline))
        for (const name of names) expect(Object.keys(declared[kind]!)).toContain(name);
    for (const name of collector.service.extensions) expect(Object.keys(declared['extensions']!)).toContain(name);
  });

  it("stands up to Prometheus' own tool, where that is installed", () => {
    if (spawnSync('promtool', ['--version']).error)
      return void process.stderr.write('promtool is not installed: alerts and boards were not shown to it\n');
    const dir = mkdtempSync(join(tmpdir(), 'praxis-promtool-'));
    const shown = join(dir, 'board.yaml');
    writeFileSync(
      shown,
      JSON.stringify({
        groups: [{ name: 'board', rules: queries.map((expr, n) => ({ record: `panel_${n}`, expr })) }],
      }),
    );
    for (const args of [
      ['check', 'config', 'docker/prometheus.yaml'],
      ['check', 'rules', shown],
      ['test', 'rules', 'docker/alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
      expect({ args, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ args, status: 0, said: '' });
    }
    rmSync(dir, { recursive: true });
  });
});
