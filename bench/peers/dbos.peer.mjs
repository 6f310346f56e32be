import { servePeer } from './serve.mjs';

await servePeer('DBOS 5.3', async (url) => {
  const { DBOS } = await import('@dbos-inc/dbos-sdk');
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: url,
    runAdminServer: false,
    logLevel: 'error',
    systemDatabasePoolSize: 20,
  });
  const listeners = new Map();
  const plan = DBOS.registerWorkflow(
    async (id, length) => {
      for (let i = 0; i < length; i++) {
        await DBOS.runStep(
          async () => {
            listeners.get(id)();
            return 'ok';
          },
          { name: 'nothing' },
        );
      }
    },
    { name: 'plan' },
  );
  await DBOS.launch();
  return async (id, length, onStep) => {
    listeners.set(id, onStep);
    await plan(id, length);
    listeners.delete(id);
  };
});
