import type { PromptSet } from '../prompts/prompt-set.js';
import type { Mind } from './mind.js';

/** What a service needs to ask models: a mind, and the prompts of this process. */
export interface ModelAccess {
  readonly mind: Mind;
  readonly prompts: PromptSet;
  /** Whether there is anybody to ask: a node in the settings, one that registered, or a recording. */
  isThere(): Promise<boolean>;
}
