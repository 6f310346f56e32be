import { canonical, textHash, type Json, type ModelCall } from '@praxis/core';

/** What of a call its answer depends on. Where in a run it is made, and which node does it, is no part of it. */
export type RecordedRequest = Pick<ModelCall, 'role' | 'request' | 'models'>;

/**
 * One text for equal requests, a line for each part, what differs last: the role, the form of the answer, the tools,
 * how to sample, and the messages in their order.
 */
export function requestText({ role, request, models }: RecordedRequest): string {
  const {
    messages,
    tools = [],
    toolChoice = 'auto',
    answer = null,
    maxTokens,
    temperature = null,
    seed = null,
    stop = [],
    logprobs = false,
    thinkFirst = false,
  } = request;
  // What is not asked for is no part of the text, so that recordings of older releases still fit.
  const thought = thinkFirst ? { thinkFirst } : {};
  const how = { maxTokens, temperature, seed, stop, logprobs, ...thought, models: models ?? [] };
  const lines: readonly (readonly [string, unknown])[] = [
    ['role', role],
    ['answer', answer],
    ['tools', tools],
    ['choice', toolChoice],
    ['how', how],
    ...messages.map((message) => ['message', message] as const),
  ];
  return lines.map(([name, value]) => `${name} ${canonical(value as Json)}`).join('\n');
}

/** The name of a request among recorded ones. */
export const requestHash = (text: string): string => textHash(text);

/** One text for a list of texts that vectors are made of. */
export const embedText = (texts: readonly string[]): string =>
  `embed\n${texts.map((text) => JSON.stringify(text)).join('\n')}`;

/** How many characters two texts have in common at their beginning. */
export function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}
