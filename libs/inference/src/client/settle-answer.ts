import type { ChatAnswer, ChatRequest, Json, ToolCall } from '@praxis/core';
import type { RawAnswer, RawCall } from './raw-answer.js';
import { readJson } from './read-json.js';
import type { SchemaCheck } from './schema-check.js';

/** An answer that fits what was asked for, or what is wrong with it, as sentences for the model. */
export type Settled =
  | { readonly answer: ChatAnswer; readonly faults?: never }
  | { readonly answer?: never; readonly faults: readonly string[] };

/**
 * Checks what a model said against what it was asked: its tool calls, its structured answer, and whether it was cut
 * off.
 */
export function settleAnswer(raw: RawAnswer, request: ChatRequest, check: SchemaCheck): Settled {
  const { text, reasoning, finish, usage, tokens } = raw;
  const base = { text, reasoning, finish, usage, ...(tokens === undefined ? {} : { tokens }) };
  if (finish === 'refusal')
    return asksFor(request) ? { faults: ['it is a refusal'] } : { answer: { ...base, toolCalls: [], value: null } };
  const { calls, faults } = settleCalls(raw, request, check);
  if (faults.length > 0) return { faults: cutNote(raw, faults) };
  const wantsValue = request.answer !== undefined && calls.length === 0 && !mustCall(request);
  if (!wantsValue) return { answer: { ...base, toolCalls: calls, value: null } };
  const reading = readJson(text);
  if (!reading.ok) return { faults: cutNote(raw, [`the answer has to be one JSON value, but ${reading.why}`]) };
  const wrong = check.faults(request.answer!.schema, reading.value);
  return wrong.length > 0
    ? { faults: cutNote(raw, wrong) }
    : { answer: { ...base, toolCalls: [], value: reading.value } };
}

const mustCall = ({ toolChoice }: ChatRequest): boolean => toolChoice === 'required' || typeof toolChoice === 'object';
/** Whether the answer has to have a form, which a refusal cannot have. */
const asksFor = (request: ChatRequest): boolean => request.answer !== undefined || mustCall(request);

function cutNote({ finish }: RawAnswer, faults: readonly string[]): readonly string[] {
  return finish === 'length' ? ['it was too long and was cut off: answer in fewer words', ...faults] : faults;
}

interface SettledCalls {
  readonly calls: readonly ToolCall[];
  readonly faults: readonly string[];
}

function settleCalls(raw: RawAnswer, request: ChatRequest, check: SchemaCheck): SettledCalls {
  const { toolChoice = 'auto' } = request;
  if (raw.calls.length === 0)
    return {
      calls: [],
      faults: mustCall(request)
        ? [`it must call ${typeof toolChoice === 'object' ? `the tool \`${toolChoice.name}\`` : 'a tool'}`]
        : [],
    };
  if (toolChoice === 'none' || (request.tools ?? []).length === 0)
    return { calls: [], faults: ['it must not call a tool'] };
  const calls: ToolCall[] = [];
  const faults: string[] = [];
  for (const raws of raw.calls) {
    const call = settleCall(raws, request, check);
    if ('faults' in call) faults.push(...call.faults);
    else calls.push(call);
  }
  return { calls, faults };
}

function settleCall(
  { id, name, args }: RawCall,
  { tools = [], toolChoice }: ChatRequest,
  check: SchemaCheck,
): ToolCall | { readonly faults: readonly string[] } {
  const names = tools.map((tool) => tool.name);
  const tool = tools.find((t) => t.name === name);
  if (tool === undefined)
    return {
      faults: [
        `there is no tool of the name that was called; there are ${names
          .slice(0, 40)
          .map((n) => `\`${n}\``)
          .join(', ')}`,
      ],
    };
  if (typeof toolChoice === 'object' && toolChoice.name !== name)
    return { faults: [`it must call the tool \`${toolChoice.name}\`, not \`${name}\``] };
  // A tool without parameters is often called with nothing at all.
  const reading = args.trim() === '' ? ({ ok: true, value: {} } as const) : readJson(args);
  if (!reading.ok) return { faults: [`the arguments of \`${name}\` have to be one JSON object, but ${reading.why}`] };
  if (!isObject(reading.value)) return { faults: [`the arguments of \`${name}\` have to be a JSON object`] };
  const wrong = check.faults(tool.parameters, reading.value);
  return wrong.length > 0
    ? { faults: wrong.map((fault) => `in the arguments of \`${name}\`: ${fault}`) }
    : { id, name, args: reading.value };
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
