import type { ChatRequest } from '@praxis/core';
import { correctionTurns, type Correction } from '../prompts/correction.js';

/**
 * The request again, with the model's answer and what was wrong with it; the answer takes no more than so many tokens.
 */
export function repairRequest(request: ChatRequest, correction: Correction, tokens: number): ChatRequest {
  return { ...request, messages: [...request.messages, ...correctionTurns(correction, tokens)] };
}
