import { hostname } from 'node:os';
import { PraxisError } from '@praxis/core';
import { freePort, startTelemetry, type Life } from '@praxis/platform';
import { findAddresses } from '../../compose/clients.js';
import type { Runtime } from '../../compose/compose.js';
import type { Context } from '../../context.js';
import { exitOf, hold, withLife } from '../../compose/process-life.js';
import { securityOf, warnOfPublicBind } from '../../compose/security.js';
import { defineVerb } from '../../verb.js';

const SERVICES = ['planner', 'executor', 'reflector', 'dashboard'] as const;
type Service = (typeof SERVICES)[number];

interface ServeOptions {
  readonly address?: string;
}

/** `praxis serve`: one service in a process of its own, or all of them at their configured addresses. */
export const serveVerb = defineVerb<ServeOptions>({
  usage: 'serve <service>',
  summary:
    'run planner, executor, reflector, dashboard or all; start as many executors as you like, each as a process of its own',
  examples: [
    'serve planner',
    'serve executor --address 127.0.0.1:50062',
    'serve reflector',
    'serve dashboard',
    'serve all',
  ],
  options: (command) =>
    command.option('--address <host:port>', 'listen here instead of where the settings say; port 0 takes a free one'),
  run: async ({ args, options, context }) => {
    const name = args[0]!;
    if (name !== 'all' && !isService(name))
      throw new PraxisError('invalid', `There is no service "${name}"; choose one of ${SERVICES.join(', ')}, all.`);
    if (name === 'all' && options.address !== undefined)
      throw new PraxisError('invalid', 'With `serve all`, set the addresses in the settings (see `praxis settings`).');
    return withLife(context, async (life) => {
      const listening =
        name === 'all'
          ? await serveAll(context, life)
          : {
              [name]: await (name === 'dashboard'
                ? serveDashboard(options.address, context, life)
                : serveOne(name, options.address, context, life)),
            };
      if (options.json) context.print.json({ ...listening, pid: process.pid });
      else
        context.print.lines([
          ...Object.entries(listening).map(([service, address]) => `${service} listens at ${address}`),
          'Ctrl-C stops it.',
        ]);
      await life.stopped;
      return exitOf(life);
    });
  },
});

async function serveAll(context: Context, life: Life): Promise<Readonly<Record<string, string>>> {
  const { allInOne } = await import('../../compose/all-in-one.js');
  const { addresses, executors, dashboard } = await allInOne({ context, ports: 'configured', dashboard: true }, life);
  return {
    planner: addresses.planner,
    executor: executors.join(', '),
    reflector: addresses.archive,
    dashboard: dashboard!,
  };
}

async function serveOne(
  service: Exclude<Service, 'dashboard'>,
  wanted: string | undefined,
  context: Context,
  life: Life,
): Promise<string> {
  const { settings, logger } = context;
  const databaseUrl = settings.database.url;
  if (databaseUrl === null) {
    throw new PraxisError(
      'invalid',
      'A service of its own needs a database that the others reach too: set PRAXIS_DATABASE_URL, or run everything in one process with `praxis start`.',
    );
  }
  const compose = await import('../../compose/compose.js');
  const runtime: Runtime = await compose.openRuntime({ settings, databaseUrl, life, logger, service });
  const configured = service === 'reflector' ? settings.archive.address : settings[service].address;
  const address = await withRealPort(wanted ?? configured);
  warnOfPublicBind(context, { services: [address], dashboard: null });
  const start = {
    planner: () =>
      compose.startPlannerOn(runtime, address, {
        executor: settings.executor.address,
        archive: settings.archive.address,
      }),
    executor: () => compose.startExecutorOn(runtime, address, `${hostname()}-${process.pid}`),
    reflector: () => compose.startArchiveOn(runtime, address),
  };
  return (await start[service]()).address;
}

/** The dashboard opens no store: it asks the others, and looks into the queues. */
async function serveDashboard(wanted: string | undefined, context: Context, life: Life): Promise<string> {
  const { settings, logger } = context;
  const databaseUrl = settings.database.url;
  if (databaseUrl === null && settings.redis.url === null) {
    throw new PraxisError(
      'invalid',
      'A dashboard of its own must know where the queues are: set PRAXIS_REDIS_URL or PRAXIS_DATABASE_URL to the one that the others use, or run everything in one process with `praxis start`.',
    );
  }
  const { planner, archive } = findAddresses(context);
  const address = await withRealPort(wanted ?? settings.dashboard.address);
  warnOfPublicBind(context, { services: [], dashboard: address });
  await hold(
    life,
    'telemetry',
    await startTelemetry({
      settings,
      service: 'dashboard',
      tls: securityOf(settings).server.tls,
      log: logger('dashboard'),
    }),
  );
  const { startDashboardOn } = await import('../../compose/compose-dashboard.js');
  return startDashboardOn({ settings, life, logger }, { address, planner, archive, databaseUrl });
}

function isService(name: string): name is Service {
  return (SERVICES as readonly string[]).includes(name);
}

async function withRealPort(address: string): Promise<string> {
  if (!/^[^\s:]+:\d+$/.test(address) || Number(address.slice(address.lastIndexOf(':') + 1)) > 65_535)
    throw new PraxisError('invalid', `The address ${address} must be host:port, such as 127.0.0.1:50062.`);
  return address.endsWith(':0') ? `${address.slice(0, -2)}:${await freePort()}` : address;
}
