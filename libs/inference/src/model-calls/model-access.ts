import type { PromptSet } from '../prompts/prompt-set.js';
import type { PromptRunner } from './prompt-runner.js';

/** What a service needs to ask models: a mind, and the prompts of this process. */
export interface ModelAccess {
  readonly promptRunner: PromptRunner;
  readonly prompts: PromptSet;
  /** Whether there is anybody to ask: a node in the settings, one that registered, or a recording. */
  isThere(): Promise<boolean>;
}
