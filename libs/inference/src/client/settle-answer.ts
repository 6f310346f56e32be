import type { ChatAnswer, ChatRequest, Json, JsonSchema, ToolCall, ToolSpec } from '@praxis/core';
import { nearestName, plainName } from '../tool-calls/nearest-name.js';
import { wireNames } from '../tool-calls/wire-names.js';
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
  const written = request.answer === undefined ? null : answerText(raw, request);
  const { calls, faults } = settleCalls(written?.isCall === true ? { ...raw, calls: [] } : raw, request, check);
  if (faults.length > 0) return { faults: cutNote(raw, faults) };
  if (written === null || calls.length > 0 || mustCall(request))
    return { answer: { ...base, toolCalls: calls, value: null } };
  const read = readValue(written.text, request.answer!.schema, check);
  return 'faults' in read
    ? { faults: cutNote(raw, read.faults) }
    : { answer: { ...base, toolCalls: [], value: read.value } };
}

function readValue(
  text: string,
  schema: JsonSchema,
  check: SchemaCheck,
): { readonly value: Json } | { readonly faults: readonly string[] } {
  const reading = readJson(text);
  if (!reading.ok) return { faults: [`the answer has to be one JSON value, but ${reading.why}`] };
  const wrong = check.faults(schema, reading.value);
  return wrong.length > 0 ? { faults: wrong } : { value: reading.value };
}

/**
 * Where the structured answer stands: in the text; in the arguments of a call, where no tools were offered and some
 * servers make the schema one; or in the reasoning, where a server took the whole answer for that.
 */
function answerText(
  { text, reasoning, calls, finish }: RawAnswer,
  { tools = [] }: ChatRequest,
): { readonly text: string; readonly isCall: boolean } {
  const [call, ...others] = calls;
  if (tools.length === 0 && call !== undefined && others.length === 0 && text.trim() === '')
    return { text: call.args, isCall: true };
  const isMisplaced = text.trim() === '' && finish === 'stop' && calls.length === 0;
  return { text: isMisplaced ? reasoning : text, isCall: false };
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
  if (raw.calls.length === 0) return { calls: [], faults: noCallFaults(raw, request) };
  if (toolChoice === 'none' || (request.tools ?? []).length === 0)
    return { calls: [], faults: ['it must not call a tool'] };
  const calls: ToolCall[] = [];
  const faults: string[] = [];
  for (const [i, raws] of raw.calls.entries()) {
    const isCut = raw.finish === 'length' && i === raw.calls.length - 1;
    const call = settleCall(raws, request, check, isCut);
    if ('faults' in call) faults.push(...call.faults);
    else calls.push(call);
  }
  return { calls, faults };
}

function noCallFaults({ unread }: RawAnswer, request: ChatRequest): readonly string[] {
  if (unread !== undefined) return [unread];
  if (!mustCall(request)) return [];
  const { toolChoice } = request;
  return [`it must call ${typeof toolChoice === 'object' ? `the tool \`${toolChoice.name}\`` : 'a tool'}`];
}

function settleCall(
  { id, name: written, args }: RawCall,
  { tools = [], toolChoice }: ChatRequest,
  check: SchemaCheck,
  isCut: boolean,
): ToolCall | { readonly faults: readonly string[] } {
  const tool = toolOf(written, tools);
  if (tool === null) return { faults: [noSuchTool(written, tools)] };
  const { name } = tool;
  if (typeof toolChoice === 'object' && toolChoice.name !== name)
    return { faults: [`it must call the tool \`${toolChoice.name}\`, not \`${name}\``] };
  // What was cut before its first sign is no call without arguments.
  if (isCut && args.trim() === '') return { faults: [`the arguments of \`${name}\` are missing`] };
  // A tool without parameters is often called with nothing at all.
  const reading = args.trim() === '' ? ({ ok: true, value: {} } as const) : readJson(args);
  if (!reading.ok) return { faults: [`the arguments of \`${name}\` have to be one JSON object, but ${reading.why}`] };
  if (!isObject(reading.value)) return { faults: [`the arguments of \`${name}\` have to be a JSON object`] };
  const wrong = check.faults(tool.parameters, reading.value);
  return wrong.length > 0
    ? { faults: wrong.map((fault) => `in the arguments of \`${name}\`: ${fault}`) }
    : { id, name, args: reading.value };
}

/** The tool of a name as it was offered, as it went over the wire, or as it is but for case and signs. */
function toolOf(written: string, tools: readonly ToolSpec[]): ToolSpec | null {
  const exact = tools.find(({ name }) => name === written);
  if (exact !== undefined) return exact;
  const wire = wireNames(tools);
  const sent = tools.find(({ name }) => wire.get(name) === written);
  if (sent !== undefined) return sent;
  const alike = tools.filter(({ name }) => plainName(name) === plainName(written));
  return alike.length === 1 ? alike[0]! : null;
}

/** So many tools are named; the model has the others in its prompt. */
const NAMED = 40;

function noSuchTool(written: string, tools: readonly ToolSpec[]): string {
  const names = tools.map(({ name }) => name);
  const near = nearestName(written, names);
  const all = names.slice(0, NAMED).map((name) => `\`${name}\``);
  return `there is no tool of the name that was called${near === null ? '' : ` (did you mean \`${near}\`?)`}; there are ${all.join(', ')}`;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
