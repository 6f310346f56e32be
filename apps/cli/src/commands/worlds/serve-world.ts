import { MemoryArtifacts, MemorySessions, openCatalog, serveWorld } from '@praxis/environments';
import { exitOf, hold, withLife } from '../../compose/process-life.js';
import { defineVerb } from '../../verb.js';

/** `praxis serve-world`: offers a world of ours to any gRPC client. */
export const serveWorldVerb = defineVerb<{ readonly address: string }>({
  usage: 'serve-world <name>',
  summary: 'serve a built-in world over gRPC; its sessions last as long as the process',
  examples: ['serve-world household', 'serve-world warehouse --address 127.0.0.1:50070'],
  options: (command) =>
    command.option('--address <host:port>', 'where to listen; port 0 takes a free one', '127.0.0.1:0'),
  run: async ({ args, options, context }) =>
    withLife(context, async (life) => {
      const log = context.logger('world');
      const catalog = openCatalog({
        artifacts: new MemoryArtifacts(),
        sessions: new MemorySessions(),
        remotes: {},
        log,
      });
      const server = await serveWorld({ world: await catalog.get(args[0]!), address: options.address, log });
      await hold(life, 'world', () => server.stop());
      if (options.json) context.print.json({ world: args[0], address: server.address, pid: process.pid });
      else {
        context.print.lines([
          `${args[0]} listens at ${server.address}`,
          `Use it as a world: PRAXIS_WORLDS_REMOTES=my-world=${server.address}`,
          `Check it: praxis check-world ${server.address}`,
          'Ctrl-C stops it.',
        ]);
      }
      await life.stopped;
      return exitOf(life);
    }),
});
