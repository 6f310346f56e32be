import type { ChatRequest } from '@praxis/core';

/**
 * The request again, with one more message that says what was wrong with the answer. The answer itself is not shown: what
 * cannot be used is no part of a conversation, and what it was made to say goes no further.
 */
export function repairRequest(request: ChatRequest, faults: readonly string[]): ChatRequest {
  const content = ['Your answer could not be used:', ...faults.map((fault) => `- ${fault}`), 'Answer again, exactly in the form that was asked for, and with nothing else.'].join('\n');
  return { ...request, messages: [...request.messages, { role: 'user', content }] };
}
