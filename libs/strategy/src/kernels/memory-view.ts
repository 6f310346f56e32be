import { actionText, previewText, type Action, type FailureCode, type StateChange } from '@praxis/core';

/** One step as an actor remembers it. */
export interface MemoryStep {
  readonly action: Action;
  /** `ok`, or why it failed. */
  readonly outcome: 'ok' | FailureCode;
  readonly message: string;
  readonly change: StateChange;
  /** The source outside the world that answered; absent where the world did. */
  readonly answeredBy?: string;
  /** The part of the change that the action made itself; all of it where nobody says. */
  readonly own?: StateChange;
}

/** What an actor remembers of a subgoal. */
export interface Memory {
  readonly steps: readonly MemoryStep[];
  /** Where the stretches after the first one begin; never the same place twice. */
  readonly turns: readonly number[];
  /** What was wrong with what was proposed since the last step. */
  readonly problems: readonly string[];
}

/**
 * Which part of its memory an actor is shown: `full`, every step; `hierarchical`, what is behind it as what came of it
 * and the present stretch in full; `register`, slots of a fixed size.
 *
 * memory-view.1 A register is no larger after a thousand steps than after ten.
 * memory-view.2 The net change of a stretch, applied to the world before it, gives the world after it.
 * memory-view.3 The stretches, one after the other, are the steps: none is lost, and any can be looked up again.
 */
export type MemoryKind = 'full' | 'hierarchical' | 'bounded';

/** What an actor is shown, one line each. */
export interface MemoryView {
  readonly done: readonly string[];
  readonly problems: readonly string[];
}

export const EMPTY_MEMORY: Memory = { steps: [], turns: [], problems: [] };

/** A step was done; what was wrong with proposals before it is settled. */
export const noteStep = (memory: Memory, step: MemoryStep): Memory => ({
  ...memory,
  steps: [...memory.steps, step],
  problems: [],
});

/** Something about the latest proposal is worth saying. */
export const noteProblem = (memory: Memory, problem: string): Memory =>
  memory.problems.includes(problem) ? memory : { ...memory, problems: [...memory.problems, problem] };

/** A new stretch begins. */
export function startSegment(memory: Memory): Memory {
  const at = memory.steps.length;
  return at === (memory.turns.at(-1) ?? 0) ? memory : { ...memory, turns: [...memory.turns, at] };
}

/** The stretches, oldest first; the last one is the present one (memory-view.3). */
export function segmentsOf({ steps, turns }: Memory): readonly (readonly MemoryStep[])[] {
  const starts = [0, ...turns];
  return starts.map((from, i) => steps.slice(from, starts[i + 1]));
}

/** What several changes come to, each of them the difference of the world before and after (memory-view.2). */
export function netChange(changes: readonly StateChange[]): StateChange {
  const added = new Set<string>();
  const removed = new Set<string>();
  const numbers: Record<string, number | null> = {};
  for (const change of changes) {
    // What comes and goes again, or goes and comes again, is as it was.
    for (const fact of change.added) if (!removed.delete(fact)) added.add(fact);
    for (const fact of change.removed) if (!added.delete(fact)) removed.add(fact);
    Object.assign(numbers, change.numbers);
  }
  return { added: [...added], removed: [...removed], numbers };
}

/** Renders what an actor is shown. */
export function viewMemory(memory: Memory, kind: MemoryKind): MemoryView {
  if (kind === 'bounded') return registerOf(memory);
  if (kind === 'full') return { done: memory.steps.map(stepLine), problems: memory.problems };
  const stretches = segmentsOf(memory);
  const behind = stretches.slice(0, -1).map((steps, i) => summaryLine(steps, [0, ...memory.turns][i]!));
  return { done: [...behind, ...stretches.at(-1)!.map(stepLine)], problems: memory.problems };
}

/** Slots of the register: dead ends, latest steps, problems, parts of a change; and the longest line, in characters. */
const SLOTS = { deadEnds: 8, latest: 3, problems: 4, parts: 12, line: 200 } as const;

function registerOf({ steps, problems }: Memory): MemoryView {
  const failed = steps.filter(isFailure).map((s) => `${actionText(s.action)} -> ${s.outcome}`);
  const latest = steps.slice(-SLOTS.latest);
  const earlier = steps.length > latest.length ? [summaryLine(steps.slice(0, -SLOTS.latest), 0)] : [];
  const done = [
    ...earlier,
    ...[...new Set(failed)].slice(-SLOTS.deadEnds).map((text) => `dead end: ${text}`),
    ...latest.map(stepLine),
  ];
  return { done: done.map(cut), problems: problems.slice(-SLOTS.problems).map(cut) };
}

const isFailure = ({ outcome }: MemoryStep): boolean => outcome !== 'ok' && outcome !== 'stale';

const cut = (line: string): string => (line.length <= SLOTS.line ? line : `${line.slice(0, SLOTS.line - 1)}…`);

/** `(go hall) -> ok: (at hall), no longer (at study)` */
function stepLine(step: MemoryStep): string {
  const { action, outcome, message, change, own = change } = step;
  if (outcome === 'stale') return `${actionText(action)} -> not done, since meanwhile: ${changeText(change)}`;
  const said = outcome === 'ok' ? [changeText(own), answerText(step)] : [message, changeText(own, '')];
  const text = said.filter((t) => t !== '').join('; ');
  return `${actionText(action)} -> ${outcome}${text === '' ? '' : `: ${text}`}`;
}

/** So much of a message stands in the line of its step, in characters. */
const PREVIEW = 160;

/** What a step that went well was answered; empty where the message only says that it was done. */
function answerText({ action, message }: MemoryStep): string {
  const text = message.replaceAll(/\s+/g, ' ').trim();
  return ['', 'done', 'ok', `did ${actionText(action)}`].includes(text)
    ? ''
    : `answered: ${previewText(text, PREVIEW)}`;
}

/** `steps 1 to 7 -> 2 failed: (at hall), no longer (at study)` */
function summaryLine(steps: readonly MemoryStep[], from: number): string {
  const failed = steps.filter(isFailure).length;
  return `steps ${from + 1} to ${from + steps.length} -> ${failed === 0 ? 'ok' : `${failed} failed`}: ${changeText(netChange(steps.map((s) => s.change)))}`;
}

function changeText({ added, removed, numbers }: StateChange, none = 'nothing changed'): string {
  const parts = [
    ...added,
    ...removed.map((f) => `no longer ${f}`),
    ...Object.entries(numbers).map(([term, value]) => `${term} is ${value ?? 'gone'}`),
  ];
  const shown = parts.slice(0, SLOTS.parts);
  const more = parts.length - shown.length;
  return parts.length === 0 ? none : [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
