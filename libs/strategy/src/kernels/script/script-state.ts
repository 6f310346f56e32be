import {
  digest,
  type Action,
  type Effect,
  type Failure,
  type Json,
  type OpenedEvent,
  type Output,
  type Outputs,
  type ScriptStep,
} from '@praxis/core';
import { referencesIn, stepOrder, taintOf } from '@praxis/expressions';
import { NO_RESULTS, allResults, resultAt, type Results } from './results.js';

/** How the call for an item has gone so far. */
export interface Tries {
  /** Calls that were asked for, stale ones included: the next one has this number. */
  readonly asked: number;
  readonly failures: number;
}

/** Where a step stands. A plain step has one item and no list. */
export interface StepState {
  readonly status: 'waiting' | 'running' | 'asking' | 'checking' | 'done';
  /** What an `each` step goes through. */
  readonly list: readonly Json[] | null;
  /** Where untrusted parts of the list came from. */
  readonly taint: readonly string[];
  /** The first item that was not looked at yet. */
  readonly next: number;
  /** Items to be called again. */
  readonly again: readonly number[];
  /** Calls, checks and questions under way. */
  readonly inFlight: number;
  readonly results: Results;
  /** Of items that are open, where they were called. */
  readonly tries: Readonly<Record<number, Tries>>;
  /** What a person is asked about: why the items failed. */
  readonly troubles: Readonly<Record<number, string>>;
  /** How often the step began anew, or its question was asked again. */
  readonly round: number;
}

/** Where a script stands. */
export interface ScriptState {
  readonly opened: OpenedEvent;
  readonly script: readonly ScriptStep[];
  /** Whom each step waits for. */
  readonly order: ReadonlyMap<string, readonly string[]>;
  readonly steps: ReadonlyMap<string, StepState>;
  /** Inputs and the outputs of steps that are done, by name. */
  readonly outputs: Outputs;
  readonly calls: number;
  readonly failedCalls: number;
  /** The first failure that stays: nothing new begins. */
  readonly failure: string | null;
  /** The call that failed, where it was one. */
  readonly cause: Failure | null;
}

/** A state, and what is asked for on the way to it. */
export interface Moved {
  readonly state: ScriptState;
  readonly effects: readonly Effect[];
}

export const NO_OUTPUT: Output = { value: null, artifacts: [], taint: [] };
export const FIRST: Tries = { asked: 0, failures: 0 };

/** A step before its first call. */
export const FRESH = {
  list: null,
  taint: [],
  next: 0,
  again: [],
  inFlight: 0,
  results: NO_RESULTS,
  tries: {},
  troubles: {},
} as const satisfies Omit<StepState, 'status' | 'round'>;

/** Where a script begins. */
export function beginScript(opened: OpenedEvent): ScriptState {
  const script = opened.script ?? [];
  return {
    opened,
    script,
    order: stepOrder(script, { inOrder: false }),
    steps: new Map(script.map(({ id }) => [id, { ...FRESH, status: 'waiting', round: 0 }])),
    outputs: opened.inputs ?? {},
    calls: 0,
    failedCalls: 0,
    failure: null,
    cause: null,
  };
}

export const stepOf = (state: ScriptState, id: string): ScriptStep => state.script.find((s) => s.id === id)!;

export const titleOf = ({ id, title }: ScriptStep): string => `"${title ?? id}"`;

/** The same state with a step changed. */
export function withStep(state: ScriptState, id: string, change: Partial<StepState>): ScriptState {
  const steps = new Map(state.steps);
  steps.set(id, { ...state.steps.get(id)!, ...change });
  return { ...state, steps };
}

/** The items of a step: those of its list, or the one call of a plain step. */
export const countOf = ({ list }: StepState): number => list?.length ?? 1;

/** The first item from one on that is open; as many as there are where none is. */
export function openItem(step: StepState, from: number): number {
  const count = countOf(step);
  let item = from;
  while (item < count && resultAt(step.results, item) !== undefined) item++;
  return item;
}

/** The outputs that a call refers to, with its item. */
export function scopeFor({ outputs, steps }: ScriptState, { id, each }: ScriptStep, item: number): Outputs {
  const { list, taint } = steps.get(id)!;
  if (each === undefined || list === null) return outputs;
  const of: Output = { value: list[item] ?? null, artifacts: [], taint: [...taint] };
  return { ...outputs, [each.as]: of };
}

/** The taint of values, with that of the step's own words. */
export const taintWith = (taint: readonly string[], step: ScriptStep): readonly string[] =>
  step.taint === undefined ? taint : [...new Set([...taint, ...step.taint])].sort();

/** What a step gave, with the taint of all that it was called with (script.2, script.4). */
export function outputOf(state: ScriptState, step: ScriptStep): Output {
  const now = state.steps.get(step.id)!;
  const results = allResults(now.results, countOf(now));
  const called = taintWith(taintOf(state.outputs, referencesIn(step.with)), step);
  const taint = [...new Set([...now.taint, ...called, ...results.flatMap((r) => r?.taint ?? [])])];
  if (now.list === null) return { ...(results[0] ?? NO_OUTPUT), taint };
  return {
    value: results.map((r) => r?.value ?? null),
    artifacts: results.flatMap((r) => r?.artifacts ?? []),
    taint,
  };
}

/** What an effect's id says: which step and item it is about. */
export interface Place {
  /** `trouble`: a person is asked about a failed item; `retreat`: about a step that failed as a whole. */
  readonly kind: 'call' | 'check' | 'ask' | 'trouble' | 'retreat';
  readonly step: string;
  readonly item: number;
}

const KINDS = { e: 'call', v: 'check', q: 'ask', t: 'trouble', w: 'retreat' } as const;

/** The id of an effect: `e:probe:17:0`, the first call for the 18th item of the step `probe`. */
export const effectId = (kind: keyof typeof KINDS, step: string, item: number, nth: number | string): string =>
  `${kind}:${step}:${item}:${nth}`;

/** Reads an effect's id; null for the effect that verifies the condition. */
export function placeOf(id: string): Place | null {
  const found = /^([evqtw]):(.+):(\d+):[^:]+$/.exec(id);
  if (!found) return null;
  return { kind: KINDS[found[1] as keyof typeof KINDS], step: found[2]!, item: Number(found[3]) };
}

/** The name of a call for an item of a list: the same call of the same step has it in every subgoal of a run. */
export const callKey = (step: string, item: number, { skill, args }: Action): string =>
  `${step}:${item}:${digest({ skill, args })}`;
