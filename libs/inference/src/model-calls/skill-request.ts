import type { ChatMessage, Cost, KeptThought } from '@praxis/core';
import type { Correction } from '../prompts/correction.js';
import type { Prompt } from '../prompts/prompt-set.js';
import type { ChoiceBranch, SkillChoice } from '../tool-calls/skill-choice.js';
import type { CallContext } from './sampled-call.js';

/** A choice among skills: a conversation, what is offered, and whose it is. */
export interface SkillRequest extends CallContext {
  /** The prompt that the conversation begins with, as it is kept with the call, and who is asked. */
  readonly prompt: Pick<Prompt, 'name' | 'role' | 'sha256'>;
  /**
   * The conversation: a rendered prompt, or one that goes on with earlier calls of skills and what they answered
   * (messages of an assistant with `toolCalls`, and of role `tool`).
   */
  readonly rendered: {
    readonly messages: readonly ChatMessage[];
    readonly stable: number;
    readonly leftOut?: Readonly<Record<string, number>>;
  };
  /** At most 20, the likeliest first. */
  readonly skills: readonly ChoiceBranch[];
  /** Branches besides skills; `done`, `ask` and `stuck` where nothing is said. */
  readonly controls?: readonly ChoiceBranch[];
  /** Whether the model is to say why before it chooses; yes where nothing is said. */
  readonly thought?: boolean;
  /** The choice of the round before, and what was wrong with it. */
  readonly correction?: Correction;
  /** What is wrong with a choice that fits its schema; empty when nothing is. */
  readonly check?: (choice: SkillChoice) => readonly string[];
}

/** What came of a choice. */
export interface SkillResult {
  /** One for each sample that was of use, in the order of the samples. */
  readonly choices: readonly SkillChoice[];
  /** Why the other samples were of no use. */
  readonly problems: readonly string[];
  readonly spent: Cost;
  readonly call: KeptThought;
  readonly leftOut: Readonly<Record<string, number>>;
  /** Skills that were not offered, with the reason: their schemas cannot be used. */
  readonly unusable: readonly { readonly skill: string; readonly why: string }[];
}
