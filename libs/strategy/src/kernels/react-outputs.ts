import {
  actionText,
  digest,
  withAnswer,
  type ArtifactRef,
  type Json,
  type Output,
  type Outputs,
  type SkillAnswer,
  type StrategyEvent,
} from '@praxis/core';
import type { ReactState } from './react-state.js';

type Observed = Extract<StrategyEvent, { type: 'observed' }>;

/** The name of what a subgoal leaves: what its actor answered, and the files that were made. */
export const ANSWER = 'answer';

/** The name under which the output of the next step can be referred to. */
export const nextOutputName = ({ steps }: Pick<ReactState, 'steps'>): string => `s${steps + 1}`;

/** Takes in what an action gave: its output, or what a skill outside the world answered (react.8). */
export function hear(state: ReactState, { result, answeredBy }: Observed): ReactState {
  const output = result.ok ? result.output : undefined;
  const sources = [
    ...new Set([...state.sources, ...(answeredBy === undefined ? [] : [answeredBy]), ...(output?.taint ?? [])]),
  ];
  if (!result.ok || (answeredBy === undefined && output === undefined)) return { ...state, sources };
  const action = actionText(state.current!.action);
  const answer: SkillAnswer = { action, text: result.message, source: answeredBy ?? '' };
  if (output === undefined) return { ...state, sources, ...heardBy(state, answer, action) };
  const name = nextOutputName(state);
  return {
    ...state,
    sources,
    outputs: { ...state.outputs, [name]: output },
    ...heardBy(state, { ...answer, text: outputText(name, output) }, `${action} ${digest(output.value)}`),
  };
}

/** What was answered is news where it was not answered before. */
function heardBy(state: ReactState, answer: SkillAnswer, news: string): Pick<ReactState, 'heard' | 'answered'> {
  return {
    heard: withAnswer(state.heard, answer),
    answered: state.answered.includes(news) ? state.answered : [...state.answered, news],
  };
}

/** An output as an actor is shown it: its name, its value and the files. */
export function outputText(name: string, { value, artifacts }: Output): string {
  const files = artifacts.map((ref) => ref.name).join(', ');
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return `$${name} = ${shown}${files === '' ? '' : ` (files: ${files})`}`;
}

/** What the subgoal leaves to others; nothing where the actor answered nothing and no file was made. */
export function leftBy({ answer, outputs, sources, opened }: ReactState): Outputs {
  const inputs = new Set(Object.keys(opened.inputs ?? {}));
  const made = Object.entries(outputs).filter(([name]) => !inputs.has(name));
  const files = new Map<string, ArtifactRef>(made.flatMap(([, o]) => o.artifacts).map((ref) => [ref.name, ref]));
  if (answer === null && files.size === 0) return {};
  return { [ANSWER]: { value: answer, artifacts: [...files.values()], taint: [...new Set(['model', ...sources])] } };
}

/** What a verifier may look at; null in streams of older releases. */
export function evidenceOf({ opened, outputs, answer }: ReactState): Json {
  if (opened.inputs === undefined && opened.checks === undefined) return null;
  const said = answer === null ? {} : { [ANSWER]: { value: answer, artifacts: [], taint: ['model'] } };
  return { outputs: { ...outputs, ...said } } as unknown as Json;
}
