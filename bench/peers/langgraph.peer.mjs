import { servePeer } from './serve.mjs';

await servePeer('LangGraph 1.7 (sync)', async (url) => {
  const { StateGraph, START, END, Annotation } = await import('@langchain/langgraph');
  const { PostgresSaver } = await import('@langchain/langgraph-checkpoint-postgres');
  const checkpointer = PostgresSaver.fromConnString(url);
  await checkpointer.setup();
  const listeners = new Map();
  const State = Annotation.Root({ id: Annotation(), left: Annotation() });
  const graph = new StateGraph(State)
    .addNode('step', async ({ id, left }) => {
      listeners.get(id)();
      return { left: left - 1 };
    })
    .addEdge(START, 'step')
    .addConditionalEdges('step', ({ left }) => (left > 0 ? 'step' : END))
    .compile({ checkpointer });
  return async (id, length, onStep) => {
    listeners.set(id, onStep);
    await graph.invoke(
      { id, left: length },
      { configurable: { thread_id: id }, durability: 'sync', recursionLimit: length + 5 },
    );
    listeners.delete(id);
  };
});
