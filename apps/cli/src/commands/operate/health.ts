import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { PraxisError } from '@praxis/core';
import { isLoopback, type ProcessSecurity } from '@praxis/platform';
import { checkHealth, type ClientSecurity, type ServiceName } from '@praxis/wire';
import { findAddresses } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { readRunning } from '../../compose/running-file.js';
import { securityOf } from '../../compose/security.js';
import { defineVerb, wholeNumber } from '../../verb.js';

/** What is asked, and where. */
interface Target {
  readonly address: string;
  /** Null asks the gRPC server at the address as a whole. */
  readonly service: ServiceName | null;
  /** For what answers by HTTP. */
  readonly url?: string;
}

/** `praxis health`: one question to one service, for people, load balancers and container engines. */
export const healthVerb = defineVerb<{ readonly timeout: number }>({
  usage: 'health <service>',
  summary:
    'ask planner, executor, reflector, dashboard or whatever is at host:port whether it serves; exit code 7 when it does not',
  examples: [
    'health planner',
    'health 127.0.0.1:50051 --timeout 1',
    'health dashboard',
    'health http://127.0.0.1:50080 --json',
  ],
  options: (command) => command.option('--timeout <seconds>', 'how long to wait for the answer', wholeNumber(1), 3),
  run: async ({ args, options, context, context: { print } }) => {
    const target = targetOf(args[0]!, context);
    const { ok, detail } = await ask(target, context, options.timeout * 1000);
    if (options.json) print.json({ ok, address: target.url ?? target.address, detail });
    else if (ok) print.line(detail);
    else print.note(detail);
    return ok ? 0 : 7;
  },
});

function targetOf(name: string, context: Context): Target {
  const addresses = findAddresses(context);
  if (name === 'planner' || name === 'executor') return { address: reachable(addresses[name]), service: name };
  if (name === 'reflector') return { address: reachable(addresses.archive), service: 'archive' };
  if (name === 'dashboard') return byHttp(dashboardUrl(context));
  if (/^https?:\/\/[^/]+\/?$/.test(name)) return byHttp(name.replace(/\/$/, ''));
  if (/^[^\s:/]+:\d+$/.test(name)) return { address: name, service: null };
  throw new PraxisError(
    'invalid',
    `"${name}" is neither a service (planner, executor, reflector, dashboard) nor an address such as 127.0.0.1:50051 or http://127.0.0.1:50080.`,
  );
}

/** What the user set wins over what runs here, and that over the default. */
function dashboardUrl({ settings: { dashboard, tls }, dataDir, isSet }: Context): string {
  const running = isSet('dashboard.address') ? null : readRunning(dataDir)?.dashboard;
  return running ?? `${tls.certFile === null ? 'http' : 'https'}://${reachable(dashboard.address)}`;
}

const byHttp = (url: string): Target => ({ address: new URL(url).host, service: null, url: `${url}/healthz` });

/** Whoever listens everywhere listens here. */
const reachable = (address: string): string => address.replace(/^0\.0\.0\.0:/, '127.0.0.1:');

async function ask(
  target: Target,
  { settings }: Context,
  deadlineMs: number,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const what = target.url ?? `${target.service ?? 'gRPC server'} at ${target.address}`;
  try {
    const security = withoutSecrets(securityOf(settings), target.address);
    const ok = await (target.url === undefined
      ? checkHealth(target.address, target.service, { deadlineMs, security })
      : askHttp(target.url, security, deadlineMs));
    return { ok, detail: ok ? `${what} serves` : `${what} does not serve: it is stopping, or not ready yet` };
  } catch (thrown) {
    return { ok: false, detail: PraxisError.from(thrown).message };
  }
}

/**
 * No key: the question is open to everybody. This machine's own service is taken at its word, whatever name stands in
 * its certificate: nothing secret is said, and only whether it lives is asked.
 */
function withoutSecrets({ client, server }: ProcessSecurity, address: string): ClientSecurity {
  const tls = client.tls ?? (server.tls && { ca: null, cert: server.tls.cert, key: server.tls.key });
  return { key: null, tls: tls && { ...tls, verify: !isLoopback(address) } };
}

function askHttp(url: string, { tls }: ClientSecurity, deadlineMs: number): Promise<boolean> {
  const trust =
    tls === null
      ? {}
      : {
          ...(tls.ca && { ca: tls.ca }),
          ...(tls.cert && tls.key && { cert: tls.cert, key: tls.key }),
          rejectUnauthorized: tls.verify !== false,
        };
  const signal = AbortSignal.timeout(deadlineMs);
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getSecure : getPlain;
    get(url, { ...trust, signal, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', (cause) => {
      reject(
        signal.aborted
          ? new PraxisError('timeout', `${url} did not answer in time.`, { cause })
          : new PraxisError('unavailable', `Nothing answers at ${url} (${cause.message}).`, { cause }),
      );
    });
  });
}
