import { PraxisError, type Strategy } from '@praxis/core';
import { proposeAndVerify } from './propose-and-verify.js';
import { recedingHorizon } from './receding-horizon.js';

/** A named way of working: how a run is planned and how a subgoal is acted out. */
export interface Preset {
  readonly id: string;
  readonly summary: string;
  readonly planning: Strategy<unknown>;
  readonly acting: Strategy<unknown>;
}

/** All presets by id. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  search: {
    id: 'search',
    summary: 'Symbolic search plans and acts, run until mismatch, with failure memory; needs a world that tells its rules.',
    planning: proposeAndVerify('search.planning', 3) as Strategy<unknown>,
    acting: recedingHorizon('search.acting', { slips: 3, checkpoints: true }) as Strategy<unknown>,
  },
};

/** Finds a preset; `missing` names those there are. */
export function findPreset(id: string): Preset {
  const preset = Object.hasOwn(PRESETS, id) ? PRESETS[id] : undefined;
  if (preset) return preset;
  throw new PraxisError('missing', `There is no strategy called "${id}". Known strategies: ${Object.keys(PRESETS).join(', ')}.`);
}
