import { PraxisError, type Strategy } from '@praxis/core';
import { withProgressGuard } from './progress-guard.js';
import { proposeAndVerify } from './propose-and-verify.js';
import { recedingHorizon } from './receding-horizon.js';
import { scripted } from './scripted.js';

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
    acting: withProgressGuard(recedingHorizon('search.acting', { slips: 3, checkpoints: true }), { interventions: 1 }) as Strategy<unknown>,
  },
  rollback: {
    id: 'rollback',
    summary: 'Takes back what another run did, latest first; chosen by `praxis rollback`, never by a goal.',
    planning: proposeAndVerify('rollback.planning', 1) as Strategy<unknown>,
    acting: scripted('rollback.acting') as Strategy<unknown>,
  },
};

/** Finds a preset; `missing` names those there are. */
export function findPreset(id: string): Preset {
  const preset = Object.hasOwn(PRESETS, id) ? PRESETS[id] : undefined;
  if (preset) return preset;
  throw new PraxisError('missing', `There is no strategy called "${id}". Known strategies: ${Object.keys(PRESETS).join(', ')}.`);
}

/** Finds the part of a preset to which a run is pinned (S9); `unavailable` where this release has another version, or none. */
export function findPinned(id: string, part: 'planning' | 'acting', version: number): Strategy<unknown> {
  if (!Object.hasOwn(PRESETS, id)) throw new PraxisError('unavailable', `The run goes by the strategy ${id}, which this process does not have; keep a process of the release that the run began with until it has ended.`);
  const strategy = findPreset(id)[part];
  if (strategy.version === version) return strategy;
  throw new PraxisError('unavailable', `The run is pinned to version ${version} of ${strategy.id}, and this process has version ${strategy.version}; keep a process of the release that the run began with until it has ended.`);
}
