import type { ChatRequest } from '@praxis/core';
import { askedDigest, jsonAnswer, lastUserText, type AnswerMaker, type MadeAnswer } from './answer-maker.js';
import { lorem, seededLength } from './lorem.js';
import { sampleJson } from './sample-json.js';

/** What a maker says where plain text will do. */
export type PlainText = 'echo' | { readonly words: number } | 'lorem';

/**
 * Understands nothing: says the user's words back, or words without a meaning. Where JSON or a tool call is asked for,
 * it makes one that fits by seed.
 */
export class PlainMaker implements AnswerMaker {
  constructor(private readonly options: { readonly text: PlainText; readonly seed: string }) {}

  answer(request: ChatRequest): Promise<MadeAnswer> {
    const seed = `${this.options.seed} ${askedDigest(request)}`;
    const tool = wantedTool(request);
    if (tool)
      return Promise.resolve({
        kind: 'tools',
        calls: [{ name: tool.name, args: sampleJson(tool.parameters, seed) as Record<string, never> }],
      });
    if (request.answer) return Promise.resolve(jsonAnswer(sampleJson(request.answer.schema, seed)));
    return Promise.resolve({ kind: 'text', text: this.#plain(request, seed) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #plain(request: ChatRequest, seed: string): string {
    const { text } = this.options;
    if (text === 'echo') return lastUserText(request.messages);
    return lorem(text === 'lorem' ? seededLength(20, 120, seed) : text.words, seed);
  }
}

/**
 * The tool that has to be called; none where a model may choose not to, or where an answer of its own was asked for.
 */
function wantedTool({
  tools = [],
  toolChoice,
}: ChatRequest):
  | { readonly name: string; readonly parameters: NonNullable<ChatRequest['tools']>[number]['parameters'] }
  | undefined {
  if (toolChoice === 'required') return tools[0];
  return typeof toolChoice === 'object' ? tools.find((t) => t.name === toolChoice.name) : undefined;
}
