import { servePeer } from './serve.mjs';

// A queue, not a workflow engine: a plan is a chain of jobs, each adding the next one.
await servePeer('graphile-worker (a chain of jobs)', async (url) => {
  const { run, Logger } = await import('graphile-worker');
  const plans = new Map();
  const runner = await run({
    connectionString: url,
    concurrency: 20,
    maxPoolSize: 20,
    pollInterval: 100,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: {
      step: async ({ id, left }, { addJob }) => {
        const { onStep, done } = plans.get(id);
        onStep();
        if (left > 1) await addJob('step', { id, left: left - 1 });
        else done();
      },
    },
  });
  return async (id, length, onStep) => {
    await new Promise((done, fail) => {
      plans.set(id, { onStep, done });
      runner.addJob('step', { id, left: length }).catch(fail);
    });
    plans.delete(id);
  };
});
