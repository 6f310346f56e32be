import type { ChatRequest, Json } from '@praxis/core';
import type { MadeAnswer } from '../answers/answer-maker.js';
import type { FaultKind } from './faults.js';
import type { Output, Piece } from './output.js';

const HUGE = { pieces: 64, bytes: 128 * 1_024 };

/** The answer as a fault of its content leaves it. */
export function spoilAnswer(answer: MadeAnswer, fault: FaultKind | undefined, { tools = [] }: ChatRequest): MadeAnswer {
  switch (fault) {
    case 'refusal':
      return { kind: 'refusal', text: "I'm sorry, but I can't help with that." };
    case 'empty':
      return { kind: 'text', text: '' };
    case 'wrong-tool':
      return tools.length > 0 || answer.kind !== 'text' ? wrongCall(answer) : wrongValue(answer.text);
    default:
      return answer;
  }
}

/** What is said, token by token, as a fault of its form leaves it. */
export function spoilOutput(output: Output, fault: FaultKind | undefined): Output {
  if (fault === 'huge')
    return {
      pieces: Array.from({ length: HUGE.pieces }, (): Piece => ({ kind: 'content', text: 'x'.repeat(HUGE.bytes) })),
      finish: 'stop',
    };
  if (fault !== 'truncated') return output;
  const [first] = output.pieces;
  if (first && output.pieces.length === 1)
    return { pieces: [{ ...first, text: first.text.slice(0, first.text.length / 2) }], finish: 'stop' };
  return {
    ...output,
    pieces: output.pieces.slice(0, output.pieces.length / 2),
    finish: output.finish === 'tool_calls' ? 'tool_calls' : 'stop',
  };
}

/** A call that was meant gets arguments of wrong types; otherwise a tool is called that nobody offered. */
function wrongCall(answer: MadeAnswer): MadeAnswer {
  if (answer.kind !== 'tools') return { kind: 'tools', calls: [{ name: 'no_such_tool', args: {} }] };
  return {
    ...answer,
    calls: answer.calls.map(({ name, args }) => ({
      name,
      args: Object.fromEntries(Object.entries(args).map(([key, value]) => [key, wrong(value)])),
    })),
  };
}

/** A structured answer that names an action which does not exist, or else has a field of a wrong type. */
function wrongValue(text: string): MadeAnswer {
  const value = parsed(text);
  if (value === null) return { kind: 'tools', calls: [{ name: 'no_such_tool', args: {} }] };
  const key = 'action' in value ? 'action' : (Object.keys(value)[0] ?? 'action');
  return {
    kind: 'text',
    text: JSON.stringify({ ...value, [key]: key === 'action' ? '(no-such-action nobody nowhere)' : wrong(value[key]) }),
  };
}

function wrong(value: Json | undefined): Json {
  return typeof value === 'string' ? 42 : 'a text where none belongs';
}

function parsed(text: string): { readonly [key: string]: Json } | null {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [key: string]: Json })
      : null;
  } catch {
    return null;
  }
}
