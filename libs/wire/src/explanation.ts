import type { Action, ChatAnswer, Cost, NodeChoice, Outcome, SkillAnswer, SubgoalId, TokenUsage } from '@praxis/core';

/** Why something was decided: the decision or the planning, and what led to it, oldest first. */
export interface Explanation {
  /** Null where a planning was asked about. */
  readonly decision: ExplainedDecision | null;
  /** Null where a step was asked about. */
  readonly planning: { readonly version: number; readonly outcome: Outcome | null; readonly reason: string } | null;
  readonly thoughts: readonly ExplainedThought[];
}

/** A decision of a run, numbered over the whole run and within its subgoal. */
export interface ExplainedDecision {
  readonly number: number;
  readonly subgoal: SubgoalId;
  readonly step: number;
  readonly action: Action;
  readonly why: string;
  readonly origin: string;
  readonly taint: readonly string[];
  /** What a skill outside the world answered; absent where none did. */
  readonly answer?: SkillAnswer;
}

/** One thought: what was asked for, of whom, and what came of it. */
export interface ExplainedThought {
  /** The effect that it answers. */
  readonly id: string;
  readonly kind: 'propose' | 'evaluate' | 'verify';
  /** Who was asked; empty where that cannot be told. */
  readonly by: string;
  /** What was checked, on one line; empty otherwise. */
  readonly about: string;
  /** It was made for an earlier step, and proposed more than that. */
  readonly isEarlier: boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Since what was written down before it. */
  readonly tookMs: number;
  /** One line for each candidate, score or violation. */
  readonly results: readonly string[];
  readonly note: string;
  readonly spent: Cost | null;
  /** Null where no model was asked, and where what was kept is gone. */
  readonly record: ExplainedRecord | null;
  /** Why there is no record though a model was asked; empty otherwise. */
  readonly gone: string;
}

/** What is kept of a model's part in a thought. */
export interface ExplainedRecord {
  readonly role: string;
  readonly prompt: { readonly name: string; readonly sha256: string };
  /** Lines of which hole did not fit into the prompt. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Skills and control branches that could be chosen; empty where nothing was to be chosen. */
  readonly offered: readonly string[];
  readonly samples: readonly ExplainedSample[];
  /** The conversation, where it was asked for and is still there; otherwise none. */
  readonly messages: readonly { readonly role: string; readonly content: BoundedText }[];
}

/** One time that a model was asked. */
export interface ExplainedSample {
  readonly answer: {
    readonly text: BoundedText;
    readonly reasoning: BoundedText;
    readonly finish: ChatAnswer['finish'];
    readonly usage: TokenUsage;
  } | null;
  /** Why there is no answer; empty where there is one. */
  readonly problem: string;
  readonly model: string;
  readonly node: string;
  readonly choices: readonly NodeChoice[];
}

/** The beginning of a text, and how many characters are left out behind it. */
export interface BoundedText {
  readonly text: string;
  readonly leftOut: number;
}
