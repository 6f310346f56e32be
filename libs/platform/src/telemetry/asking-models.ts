import { PraxisError, type ModelCall, type ModelReply, type Models } from '@praxis/core';
import { measure } from './instruments.js';
import { leaf, type Note } from './spans.js';

/** The same models, each call a leaf of the trace and measured by its role. What is said stands in neither. */
export function observeModels(models: Models): Models {
  return {
    call: (call) => {
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.conversation.id': call.place.run,
        'gen_ai.request.max_tokens': call.request.maxTokens,
        'praxis.model.role': call.role,
        ...(call.request.temperature !== undefined && { 'gen_ai.request.temperature': call.request.temperature }),
      };
      return leaf(`chat ${call.role}`, attributes, (note) => ask(models, call, note));
    },
    embed: (texts, place, signal) =>
      leaf('embeddings', { 'gen_ai.operation.name': 'embeddings', 'gen_ai.conversation.id': place.run }, () =>
        models.embed(texts, place, signal),
      ),
    estimate: (call) => models.estimate(call),
  };
}

async function ask(models: Models, call: ModelCall, note: Note): Promise<ModelReply> {
  const began = performance.now();
  const told = (outcome: string): void => measure.modelCall(call.role, outcome, performance.now() - began);
  try {
    const reply = await models.call(call);
    const { answer, model, node, choices, cost } = reply;
    note({ 'gen_ai.response.model': model, 'praxis.node': node, 'praxis.model.tries': choices.length });
    if (answer)
      note({
        'gen_ai.usage.input_tokens': answer.usage.input,
        'gen_ai.usage.output_tokens': answer.usage.output,
        'gen_ai.usage.cache_read.input_tokens': answer.usage.cached,
        'gen_ai.response.finish_reasons': [answer.finish],
      });
    told(answer === null ? 'unusable' : 'ok');
    measure.modelTokens(call.role, cost.tokens);
    return reply;
  } catch (thrown) {
    told(PraxisError.from(thrown).code);
    throw thrown;
  }
}
