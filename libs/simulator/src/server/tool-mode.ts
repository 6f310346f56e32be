import type { ChatRequest } from '@praxis/core';
import { HttpFault } from './http-fault.js';

/** What a simulated node makes of tools in a request: it calls them, refuses them with 400, or overlooks them. */
export const TOOL_MODES = ['native', 'refused', 'ignored'] as const;
export type ToolMode = (typeof TOOL_MODES)[number];

/** The request as the node reads it. */
export function withToolMode(request: ChatRequest, mode: ToolMode, model: string): ChatRequest {
  if (mode === 'native' || request.tools === undefined) return request;
  if (mode === 'refused') throw new HttpFault(400, `${model} does not support tools.`, { param: 'tools' });
  const { tools: _, toolChoice: __, ...rest } = request;
  return rest;
}
