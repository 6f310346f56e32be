import { servePeer } from './serve.mjs';

await servePeer('OpenWorkflow', async (url) => {
  const { OpenWorkflow } = await import('openworkflow');
  const { BackendPostgres } = await import('openworkflow/postgres');
  const backend = await BackendPostgres.connect(url, { namespaceId: 'bench' });
  const engine = new OpenWorkflow({ backend });
  const listeners = new Map();
  const plan = engine.defineWorkflow({ name: 'plan' }, async ({ input, step }) => {
    for (let i = 0; i < input.length; i++) {
      await step.run({ name: `s${i}` }, async () => {
        listeners.get(input.id)();
        return 'ok';
      });
    }
    return 'done';
  });
  const worker = engine.newWorker({ concurrency: 20 });
  await worker.start();
  return async (id, length, onStep) => {
    listeners.set(id, onStep);
    const run = await plan.run({ id, length });
    await run.result();
    listeners.delete(id);
  };
});
