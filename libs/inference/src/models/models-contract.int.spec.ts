import { PraxisError, nodeSpecSchema, systemClock, type Models } from '@praxis/core';
import { jsonAnswer, startSimulatedNode, type AnswerMaker, type MadeAnswer, type StartedNode } from '@praxis/simulator';
import { modelsContract, type Said } from '../../../testing/src/contracts/models.contract.js';
import { NodeClient } from '../client/node-client.js';
import { DEFAULT_PATIENCE } from '../client/node-endpoint.js';
import { createNodePool } from '../pool/create-node-pool.js';
import type { NodePool } from '../pool/node-pool.js';
import { openModels } from './open-models.js';
import { recordedModels } from './recorded-models.js';
import { recordingModels } from './recording-models.js';

const nodes: StartedNode[] = [];
const pools: NodePool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  for (const node of nodes.splice(0)) await node.stop();
});

function makerOf(script: readonly Said[]): AnswerMaker {
  let nth = 0;
  return {
    answer: (_request, signal): Promise<MadeAnswer> => {
      const said = script[Math.min(nth++, script.length - 1)]!;
      if (said === 'silence')
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new PraxisError('cancelled', 'Nobody waits any more.'))),
        );
      if ('tool' in said) return Promise.resolve({ kind: 'tools', calls: [{ name: said.tool, args: said.args }] });
      return Promise.resolve('json' in said ? jsonAnswer(said.json) : { kind: 'text', text: said.text });
    },
    close: () => Promise.resolve(),
  };
}

async function onOneNode(script: readonly Said[]): Promise<{ models: Models; underWay(): number }> {
  const node = await startSimulatedNode({ answers: makerOf(script), model: 'm', speed: 1000 });
  nodes.push(node);
  const pool = createNodePool();
  pools.push(pool);
  const serves = [
    { name: 'm', price: { input: 1, output: 2 } },
    { name: 'vectors', kind: 'embedding' as const },
  ];
  pool.setNodes([{ origin: 'settings', spec: nodeSpecSchema.parse({ name: 'a', url: node.url, serves }) }]);
  const models = openModels({
    pool,
    client: new NodeClient(DEFAULT_PATIENCE, systemClock),
    chains: { byRole: {}, fallback: ['m'] },
    embedding: 'm',
    keyOf: () => undefined,
  });
  return { models, underWay: () => pool.views()[0]!.inFlight };
}

modelsContract('models on a pool', onOneNode);

// What is recorded stands in for its models: the same calls, in the same order.
modelsContract('recorded models', async (script) => {
  const lines: string[] = [];
  // A recording is never slow: whoever waits for one has given up before it is asked.
  const isSilent = script[0] === 'silence';
  const { models } = await onOneNode(isSilent ? [{ text: 'at last' }] : script);
  const recording = recordingModels(models, (line) => Promise.resolve(void lines.push(line)));
  const replayed = (): Models => recordedModels(lines.join(''));
  return {
    models: {
      call: async (call) => {
        if (isSilent) await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
        else await recording.call(call.onText ? { ...call, onText: () => undefined } : call);
        return replayed().call(call);
      },
      embed: async (texts, place, signal) => {
        await recording.embed(texts, place, signal);
        return replayed().embed(texts, place, signal);
      },
      estimate: (call) => models.estimate(call),
    },
  };
});
