import { hash } from 'node:crypto';
import type { ChatRequest } from '@praxis/core';
import type { MadeAnswer } from '../answers/answer-maker.js';
import { piecesOf } from './tokens.js';

/** A token of an answer and the part of the message that it brings. */
export type Piece =
  | { readonly kind: 'content' | 'refusal'; readonly text: string }
  /** `name` stands in the first piece of a call, `text` is a piece of its arguments. */
  | {
      readonly kind: 'call';
      readonly index: number;
      readonly id: string;
      readonly name?: string;
      readonly text: string;
    };

export type Finish = 'stop' | 'length' | 'tool_calls';

/** An answer token by token, and why it ends. */
export interface Output {
  readonly pieces: readonly Piece[];
  readonly finish: Finish;
}

/** Takes an answer apart and ends it where the request says. */
export function outputOf(answer: MadeAnswer, request: ChatRequest, id: string): Output {
  const pieces = answer.kind === 'tools' ? toolPieces(answer, id) : textPieces(answer, request);
  if (pieces.length > request.maxTokens) return { pieces: pieces.slice(0, request.maxTokens), finish: 'length' };
  return { pieces, finish: answer.kind === 'tools' ? 'tool_calls' : 'stop' };
}

function textPieces(
  answer: Exclude<MadeAnswer, { readonly kind: 'tools' }>,
  { stop = [] }: ChatRequest,
): readonly Piece[] {
  const ends = stop.map((s) => answer.text.indexOf(s)).filter((at) => at >= 0);
  const kind = answer.kind === 'refusal' ? 'refusal' : 'content';
  return piecesOf(answer.text.slice(0, Math.min(answer.text.length, ...ends))).map((text) => ({ kind, text }));
}

/** The words before the calls, then the calls. */
function toolPieces(
  { text = '', calls }: Extract<MadeAnswer, { readonly kind: 'tools' }>,
  id: string,
): readonly Piece[] {
  return [...piecesOf(text).map((piece): Piece => ({ kind: 'content', text: piece })), ...callPieces(calls, id)];
}

function callPieces(calls: Extract<MadeAnswer, { readonly kind: 'tools' }>['calls'], id: string): readonly Piece[] {
  return calls.flatMap(({ name, args }, index): readonly Piece[] => {
    const call = { kind: 'call', index, id: `call-${hash('sha256', `${id} ${index}`).slice(0, 16)}` } as const;
    return [{ ...call, name, text: '' }, ...piecesOf(JSON.stringify(args)).map((text) => ({ ...call, text }))];
  });
}

/** The part of a message that a piece brings, as a stream tells it. */
export function deltaOf(piece: Piece): object {
  if (piece.kind !== 'call') return { [piece.kind]: piece.text };
  const { index, id, name, text } = piece;
  return {
    tool_calls: [
      name === undefined
        ? { index, function: { arguments: text } }
        : { index, id, type: 'function', function: { name, arguments: text } },
    ],
  };
}

/** The whole message that pieces make. */
export function messageOf(pieces: readonly Piece[]): object {
  const textOf = (kind: Piece['kind']): string =>
    pieces
      .filter((p) => p.kind === kind)
      .map((p) => p.text)
      .join('');
  const calls = pieces.filter((p) => p.kind === 'call');
  const toolCalls = calls
    .filter((p) => p.name !== undefined)
    .map(({ index, id, name }) => ({
      id,
      type: 'function',
      function: {
        name,
        arguments: calls
          .filter((p) => p.index === index)
          .map((p) => p.text)
          .join(''),
      },
    }));
  const refusal = textOf('refusal');
  const content = textOf('content');
  const isText = content !== '' || (toolCalls.length === 0 && refusal === '');
  return {
    role: 'assistant',
    content: isText ? content : null,
    refusal: refusal === '' ? null : refusal,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
}
