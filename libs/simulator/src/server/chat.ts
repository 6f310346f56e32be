import { once } from 'node:events';
import { PraxisError } from '@praxis/core';
import type { MadeAnswer } from '../answers/answer-maker.js';
import type { SimulatedAnswer } from '../model/sequence.js';
import { noModel } from './embeddings.js';
import { readJson, type Exchange } from './exchange.js';
import type { FaultRule } from './faults.js';
import { HttpFault } from './http-fault.js';
import { outputOf, type Output } from './output.js';
import { parseChat, type WantedChat } from './parse-chat.js';
import { GarbledReply, StreamedReply, WholeReply, type Reply, type ReplyFrame } from './reply.js';
import type { ServedNode } from './served-node.js';
import { spoilAnswer, spoilOutput } from './spoil.js';
import { withToolMode } from './tool-mode.js';
import { blockNames, piecesOf, promptText } from './tokens.js';

/** One chat completion on its way. */
interface Completion {
  readonly served: ServedNode;
  readonly exchange: Exchange;
  readonly wanted: WantedChat;
  readonly fault: FaultRule | null;
  readonly id: string;
  readonly prompt: readonly string[];
}

/** Answers `POST /v1/chat/completions`: what is said comes from the answer maker, and when from the node model. */
export async function completeChat(exchange: Exchange, served: ServedNode): Promise<void> {
  const wanted = parseChat(await readJson(exchange, served.bodyBytes), served.contextTokens);
  if (wanted.model !== served.model) throw noModel(wanted.model);
  const number = ++served.tally.requests;
  const fault = served.faults.pick(number);
  if (fault) served.tally.meet(fault.kind);
  await holdUp(fault, exchange, served);
  const prompt = piecesOf(promptText(wanted.request));
  const most = served.contextTokens - prompt.length;
  if (most < 1) {
    throw new HttpFault(
      400,
      `This model's maximum context length is ${served.contextTokens} tokens, and the messages have ${prompt.length}.`,
      { code: 'context_length_exceeded', param: 'messages' },
    );
  }
  const request = withToolMode(wanted.request, served.tools, served.model);
  const limited = { ...wanted, request: { ...request, maxTokens: Math.min(request.maxTokens, most) } };
  await answerChat({ served, exchange, wanted: limited, fault, id: `chatcmpl-${served.name}-${number}`, prompt });
}

/** Faults that come before the answer. */
async function holdUp(fault: FaultRule | null, { signal }: Exchange, { clock }: ServedNode): Promise<void> {
  if (fault?.kind === '429')
    throw new HttpFault(429, 'Too many requests; come again later.', {
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      headers: { 'retry-after': String(fault.retryAfterS) },
    });
  if (fault?.kind === '500') throw new HttpFault(500, 'Something went wrong inside the engine.');
  if (fault?.kind === 'slow') await clock.sleep(fault.delayMs, signal);
  if (fault?.kind === 'hang' && !signal.aborted) await once(signal, 'abort');
  signal.throwIfAborted();
}

async function answerChat(completion: Completion): Promise<void> {
  const { served, exchange, wanted, fault, id, prompt } = completion;
  const made: MadeAnswer = await served.answers.answer(wanted.request, exchange.signal);
  const output = spoilOutput(outputOf(spoilAnswer(made, fault?.kind, wanted.request), wanted.request, id), fault?.kind);
  const reply = replyFor(completion, output);
  const outputTokens = Math.max(1, output.pieces.length);
  // Cutting the connection in the middle is a client's doing for the node model: it must free the slot just the same.
  const cut = new AbortController();
  const dieAt = fault?.kind === 'dies' ? Math.ceil(outputTokens / 2) : Infinity;
  let said = 0;
  const say = (n: number): void => {
    // A clock that wakes late tells several tokens at once.
    if (cut.signal.aborted) return;
    said = n;
    reply.say(n);
    if (n < dieAt) return;
    exchange.response.socket?.destroySoon();
    cut.abort();
  };
  const call = {
    blocks: blockNames(prompt, served.node.size.blockTokens),
    inputTokens: prompt.length,
    outputTokens,
    signal: AbortSignal.any([exchange.signal, cut.signal]),
    onToken: say,
  };
  let times: SimulatedAnswer;
  try {
    times = await served.node.serve(call);
    cut.signal.throwIfAborted();
  } catch (thrown) {
    served.tally.count({ input: said > 0 ? prompt.length : 0, cached: 0, output: said });
    throw thrown;
  }
  const usage = { input: prompt.length, cached: times.cachedTokens, output: outputTokens };
  served.tally.finish(output.finish, usage, times);
  reply.end(usage);
}

function replyFor({ served, exchange: { response }, wanted, fault, id }: Completion, output: Output): Reply {
  const frame: ReplyFrame = {
    id,
    model: served.model,
    created: Math.floor(Date.now() / 1_000),
    output,
    wantsUsage: wanted.wantsUsage,
    wantsTokenIds: wanted.wantsTokenIds,
    wantsLogprobs: wanted.request.logprobs === true,
    seed: served.seed,
  };
  if (fault?.kind === 'invalid-sse') return new GarbledReply(response, frame, wanted.isStreamed);
  return wanted.isStreamed ? new StreamedReply(response, frame) : new WholeReply(response, frame);
}

/** What a client hears of something that was thrown while it was answered. */
export function faultOf(thrown: unknown): HttpFault {
  if (thrown instanceof HttpFault) return thrown;
  const error = PraxisError.from(thrown);
  if (error.code === 'invalid') return new HttpFault(400, error.message);
  return error.code === 'unavailable'
    ? new HttpFault(503, error.message, { headers: { 'retry-after': '1' } })
    : new HttpFault(500, error.message);
}
