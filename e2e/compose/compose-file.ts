import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** When a service may start: what must have happened to another one. */
export type DependsOn = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** A service as the file writes it, as far as an engine without images understands it. */
export interface Service {
  readonly name: string;
  readonly image: string;
  /** Built from our Dockerfile, rather than pulled. */
  readonly isOurs: boolean;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: {
    readonly test: readonly string[];
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly retries: number;
    readonly startMs: number;
  } | null;
  readonly dependsOn: Readonly<Record<string, DependsOn>>;
  /** `uid:gid`; null where the image decides. */
  readonly user: string | null;
  readonly readOnly: boolean;
  readonly tmpfs: readonly { readonly path: string; readonly options: string }[];
  readonly volumes: readonly { readonly source: string; readonly target: string; readonly readOnly: boolean }[];
  readonly ports: readonly { readonly host: string; readonly hostPort: number; readonly port: number }[];
  readonly restart: string;
  readonly stopGraceMs: number;
  readonly profiles: readonly string[];
}

type Raw = Record<string, unknown>;

/**
 * Reads a compose file as `docker compose` would with these variables: merged, interpolated, short forms spelled out.
 */
export function readCompose(path: string, variables: Readonly<Record<string, string>> = {}): readonly Service[] {
  const file = parse(readFileSync(path, 'utf8'), { merge: true }) as { services: Record<string, Raw> };
  return Object.entries(file.services).map(([name, raw]) =>
    readService(name, interpolate(raw, variables) as Raw, variables),
  );
}

/** The names of all `${VARIABLES}` of a text, with their defaults. */
export function variablesOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)(?::-([^}]*))?\}/g)];
  return new Map(found.map((m) => [m[1]!, m[2] ?? '']));
}

function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\$|\$\{([A-Z0-9_]+)(?::-([^}]*))?\}/g, (all, name?: string, standard?: string) =>
      all === '$$' ? '$' : variables[name!] || (standard ?? ''),
    );
  if (Array.isArray(value)) return value.map((v) => interpolate(v, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, interpolate(v, variables)]));
  return value;
}

function readService(name: string, raw: Raw, variables: Readonly<Record<string, string>>): Service {
  const list = (key: string): readonly string[] => (raw[key] as string[] | undefined) ?? [];
  return {
    name,
    image: String(raw['image']),
    isOurs: raw['build'] !== undefined,
    command: list('command'),
    environment: readEnvironment((raw['environment'] as Raw | undefined) ?? {}, variables),
    healthcheck: readHealth(raw['healthcheck'] as Raw | undefined),
    dependsOn: Object.fromEntries(
      Object.entries((raw['depends_on'] as Record<string, { condition: DependsOn }> | undefined) ?? {}).map(
        ([on, { condition }]) => [on, condition],
      ),
    ),
    user: (raw['user'] as string | undefined) ?? null,
    readOnly: raw['read_only'] === true,
    tmpfs: list('tmpfs').map((entry) => ({ path: entry.split(':')[0]!, options: entry.split(':')[1] ?? '' })),
    volumes: list('volumes').map((entry) => {
      const [source, target, mode] = entry.split(':') as [string, string, string?];
      return { source, target, readOnly: mode === 'ro' };
    }),
    ports: list('ports').map((entry) => {
      const [host, hostPort, port] = entry.split(':') as [string, string, string];
      return { host, hostPort: Number(hostPort), port: Number(port) };
    }),
    restart: String(raw['restart'] ?? 'no'),
    stopGraceMs: milliseconds(String(raw['stop_grace_period'] ?? '10s')),
    profiles: list('profiles'),
  };
}

/** A variable without a value is handed on from outside, where it is set there. */
function readEnvironment(raw: Raw, variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(raw).map(
    ([key, value]) => [key, value === null ? variables[key] : String(value)] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function readHealth(raw: Raw | undefined): Service['healthcheck'] {
  if (!raw) return null;
  const time = (key: string, standard: string): number => milliseconds(String(raw[key] ?? standard));
  return {
    test: raw['test'] as string[],
    intervalMs: time('interval', '30s'),
    timeoutMs: time('timeout', '30s'),
    retries: Number(raw['retries'] ?? 3),
    startMs: time('start_period', '0s'),
  };
}

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(text)!;
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
}
