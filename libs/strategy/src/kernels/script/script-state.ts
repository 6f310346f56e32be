import {
  digest,
  type Action,
  type Json,
  type OpenedEvent,
  type Output,
  type Outputs,
  type ScriptStep,
} from '@praxis/core';
import { namesOfExpression, referencesIn } from '@praxis/expressions';

/** How one call of a step has gone so far. */
export interface Tries {
  /** Calls that were asked for, stale ones included: the next one has this number. */
  readonly asked: number;
  readonly failures: number;
}

/** Where a step stands. `list` is what an `each` step goes through; null for a plain step. */
export interface StepState {
  readonly status: 'waiting' | 'running' | 'checking' | 'asking' | 'done';
  readonly list: readonly Json[] | null;
  /** Where untrusted parts of the list came from. */
  readonly taint: readonly string[];
  /** Items that were begun; the next one has this number. */
  readonly begun: number;
  readonly inFlight: number;
  readonly results: readonly (Output | null)[];
  /** Of calls that were repeated, by item. */
  readonly tries: Readonly<Record<number, Tries>>;
  /** What a person is asked about: the item that failed, and why. */
  readonly trouble: { readonly item: number; readonly reason: string } | null;
}

/** Where a script stands. */
export interface ScriptState {
  readonly opened: OpenedEvent;
  readonly script: readonly ScriptStep[];
  readonly steps: ReadonlyMap<string, StepState>;
  /** Inputs and the outputs of steps that are done, by name. */
  readonly outputs: Outputs;
  readonly calls: number;
  readonly failedCalls: number;
  /** The first failure that stays: nothing new begins. */
  readonly failure: string | null;
  /** The condition is being verified. */
  readonly isVerifying: boolean;
}

export const NO_OUTPUT: Output = { value: null, artifacts: [], taint: [] };
export const FIRST: Tries = { asked: 0, failures: 0 };

const WAITING: StepState = {
  status: 'waiting',
  list: null,
  taint: [],
  begun: 0,
  inFlight: 0,
  results: [],
  tries: {},
  trouble: null,
};

/** Where a script begins. */
export function beginScript(opened: OpenedEvent): ScriptState {
  const script = opened.script ?? [];
  return {
    opened,
    script,
    steps: new Map(script.map(({ id }) => [id, WAITING])),
    outputs: opened.inputs ?? {},
    calls: 0,
    failedCalls: 0,
    failure: null,
    isVerifying: false,
  };
}

/** The steps that a step waits for: those that it names, and those whose outputs it refers to. */
export function waitsFor(step: ScriptStep, ids: readonly string[]): readonly string[] {
  const { when, each } = step;
  const names = new Set([
    ...step.after,
    ...referencesIn(step.with),
    ...referencesIn(each?.of ?? null),
    ...(when === undefined ? [] : namesOfExpression(when, ids)),
    ...step.check.flatMap((check) => [
      ...referencesIn(check as unknown as Json),
      ...('expr' in check ? namesOfExpression(check.expr, ids) : []),
    ]),
  ]);
  return ids.filter((id) => names.has(id) && id !== step.id);
}

/** The same state with a step changed. */
export function withStep(state: ScriptState, id: string, change: Partial<StepState>): ScriptState {
  const steps = new Map(state.steps);
  steps.set(id, { ...state.steps.get(id)!, ...change });
  return { ...state, steps };
}

/** What an effect's id says: which step and item it is about. */
export interface Place {
  readonly kind: 'call' | 'check' | 'ask' | 'trouble';
  readonly step: string;
  readonly item: number;
}

const KINDS = { e: 'call', v: 'check', q: 'ask', t: 'trouble' } as const;

/** The id of an effect: `e:probe:17:0`, the first call for the 18th item of the step `probe`. */
export const effectId = (kind: keyof typeof KINDS, step: string, item: number, nth: number | string): string =>
  `${kind}:${step}:${item}:${nth}`;

/** The name of a call for an item of a list: the same call of the same step has it in every subgoal of a run. */
export const callKey = (step: string, item: number, { skill, args }: Action): string =>
  `${step}:${item}:${digest({ skill, args })}`;

/** The first item from one on that has no result yet; as long as the list where all have. */
export function nextItem(list: readonly Json[], results: readonly (Output | null)[], from: number): number {
  let item = from;
  while (item < list.length && results[item] !== undefined) item++;
  return item;
}

/** The results of an `each` step as one output (script.4). */
export function listOutput(results: readonly (Output | null)[], taint: readonly string[]): Output {
  return {
    value: results.map((r) => r?.value ?? null),
    artifacts: results.flatMap((r) => r?.artifacts ?? []),
    taint: [...new Set([...taint, ...results.flatMap((r) => r?.taint ?? [])])],
  };
}

/** Reads an effect's id; null for the effect that verifies the condition. */
export function placeOf(id: string): Place | null {
  const found = /^([evqt]):(.+):(\d+):[^:]+$/.exec(id);
  if (!found) return null;
  return { kind: KINDS[found[1] as keyof typeof KINDS], step: found[2]!, item: Number(found[3]) };
}
