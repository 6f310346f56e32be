import { servePeer } from './serve.mjs';

await servePeer('Mastra 1.71', async (url) => {
  const { Mastra } = await import('@mastra/core');
  const { createStep, createWorkflow } = await import('@mastra/core/workflows');
  const { PostgresStore } = await import('@mastra/pg');
  const { z } = await import('zod');
  const listeners = new Map();
  const data = z.object({ id: z.string() });
  const stepOf = (i) =>
    createStep({
      id: `s${i}`,
      inputSchema: data,
      outputSchema: data,
      execute: async ({ inputData }) => {
        listeners.get(inputData.id)();
        return inputData;
      },
    });
  const workflowOf = (length) => {
    let workflow = createWorkflow({ id: `plan${length}`, inputSchema: data, outputSchema: data });
    for (let i = 0; i < length; i++) workflow = workflow.then(stepOf(i));
    return workflow.commit();
  };
  const mastra = new Mastra({
    storage: new PostgresStore({ id: 'bench', connectionString: url }),
    workflows: { plan10: workflowOf(10) },
    logger: false,
  });
  await mastra.getStorage().init();
  return async (id, length, onStep) => {
    listeners.set(id, onStep);
    const run = await mastra.getWorkflow(`plan${length}`).createRun({ runId: id });
    const { status, error } = await run.start({ inputData: { id } });
    if (status !== 'success') throw error ?? new Error(status);
    listeners.delete(id);
  };
});
