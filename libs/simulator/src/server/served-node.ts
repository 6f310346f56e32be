import type { Logger } from '@praxis/core';
import type { AnswerMaker } from '../answers/answer-maker.js';
import type { SimClock } from '../model/sim-clock.js';
import type { SimulatedNode } from '../model/simulated-node.js';
import type { Faults } from './faults.js';
import type { Tally } from './tally.js';
import type { ToolMode } from './tool-mode.js';

/** What the routes of one simulated node work with. */
export interface ServedNode {
  readonly name: string;
  readonly model: string;
  /** Longest prompt and answer together, in tokens. */
  readonly contextTokens: number;
  readonly seed: string;
  readonly bodyBytes: number;
  readonly node: SimulatedNode;
  readonly clock: SimClock;
  readonly answers: AnswerMaker;
  readonly tools: ToolMode;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly log: Logger | null;
}
