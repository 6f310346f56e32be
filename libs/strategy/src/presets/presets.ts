import { PraxisError, type Strategy } from '@praxis/core';
import { firstOf } from '../wrappers/first-of.js';
import { metaPlan } from '../kernels/meta-plan.js';
import { withProgressGuard } from '../wrappers/progress-guard.js';
import { proposeAndVerify } from '../kernels/propose-and-verify.js';
import { REACT_DEFAULTS, react } from '../kernels/react.js';
import { recedingHorizon } from '../kernels/receding-horizon.js';
import { script } from '../kernels/script/script.js';
import { scripted } from '../kernels/scripted.js';
import { byScript } from '../wrappers/by-script.js';
import { asyncPlanner } from '../wrappers/async-planner.js';

/** A named way of working: how a run is planned and how a subgoal is acted out. */
export interface Preset {
  readonly id: string;
  readonly summary: string;
  /**
   * Without a `model` it may still begin; where a model's turn comes, nothing is proposed, and it fails with that
   * reason.
   */
  readonly needs: 'nothing' | 'model' | 'playbook';
  /** Whether it asks models at all, where there are some. */
  readonly asksModels: boolean;
  readonly planning: Strategy<unknown>;
  readonly acting: Strategy<unknown>;
}

/** A subgoal that goes in circles plans again once, and then gives up. */
const guarded = <S>(strategy: Strategy<S>): Strategy<unknown> =>
  withProgressGuard(strategy, { interventions: 1 }) as Strategy<unknown>;

/** A subgoal that brings its steps along has them carried out as they stand, whatever the strategy. */
const scriptedFirst = (strategy: Strategy<unknown>): Strategy<unknown> =>
  byScript(script(strategy.id) as Strategy<unknown>, strategy);

/** Search first, and a model where search finds nothing. */
const searchThenDesign = (id: string): Strategy<unknown> =>
  firstOf(id, [
    proposeAndVerify('search.planning', 3) as Strategy<unknown>,
    metaPlan('react.planning') as Strategy<unknown>,
  ]) as Strategy<unknown>;

/** All presets by id. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  search: {
    id: 'search',
    summary:
      'Symbolic search plans and acts, run until mismatch, with failure memory; needs a world that tells its rules.',
    needs: 'nothing',
    asksModels: false,
    planning: proposeAndVerify('search.planning', 3) as Strategy<unknown>,
    acting: scriptedFirst(guarded(recedingHorizon('search.acting', { slips: 3, checkpoints: true }))),
  },
  react: {
    id: 'react',
    summary:
      'A model designs the plan, which is checked and judged, and decides every step from what it sees; where it is not sure, several answers are judged.',
    needs: 'model',
    asksModels: true,
    planning: metaPlan('react.planning') as Strategy<unknown>,
    acting: scriptedFirst(guarded(react('react.acting'))),
  },
  tree: {
    id: 'tree',
    summary:
      'As react, with five plans sampled: those that pass the check are merged, and the way that most of them share is taken.',
    needs: 'model',
    asksModels: true,
    planning: metaPlan('tree.planning', { samples: 5 }) as Strategy<unknown>,
    acting: scriptedFirst(guarded(react('tree.acting'))),
  },
  'bounded-memory': {
    id: 'bounded-memory',
    summary:
      'As react, with a memory of fixed size: what came of it all, dead ends and the latest steps, however long it takes.',
    needs: 'model',
    asksModels: true,
    planning: metaPlan('bounded-memory.planning') as Strategy<unknown>,
    acting: scriptedFirst(guarded(react('bounded-memory.acting', { ...REACT_DEFAULTS, memory: 'bounded' }))),
  },
  hybrid: {
    id: 'hybrid',
    summary: 'Search where the rules are known, a model where search finds no way.',
    // Without a model it goes as far as search does.
    needs: 'nothing',
    asksModels: true,
    planning: searchThenDesign('hybrid.planning'),
    acting: scriptedFirst(
      firstOf('hybrid.acting', [
        guarded(recedingHorizon('search.acting', { slips: 3, checkpoints: true })),
        guarded(react('react.acting')),
      ]) as Strategy<unknown>,
    ),
  },
  'async-planner': {
    id: 'async-planner',
    summary:
      'Three paces: steps at hand are followed at once, a model decides where there are none, and another one thinks ahead without being waited for.',
    needs: 'model',
    asksModels: true,
    planning: searchThenDesign('async-planner.planning'),
    acting: scriptedFirst(guarded(asyncPlanner('async-planner.acting'))),
  },
  draft: {
    id: 'draft',
    summary:
      'A model writes all steps as calls of skills, which are checked before any is done and carried out side by side; where one fails, it writes the rest again.',
    needs: 'model',
    asksModels: true,
    planning: metaPlan('draft.planning', { by: 'drafter' }) as Strategy<unknown>,
    acting: script('draft.acting') as Strategy<unknown>,
  },
  playbook: {
    id: 'playbook',
    summary: 'A playbook is the plan, and its steps are carried out as they stand; chosen by `praxis run`.',
    needs: 'playbook',
    asksModels: false,
    planning: proposeAndVerify('playbook.planning', 1) as Strategy<unknown>,
    acting: script('playbook.acting') as Strategy<unknown>,
  },
  rollback: {
    id: 'rollback',
    summary: 'Takes back what another run did, latest first; chosen by `praxis rollback`, never by a goal.',
    needs: 'nothing',
    asksModels: false,
    planning: proposeAndVerify('rollback.planning', 1) as Strategy<unknown>,
    acting: scripted('rollback.acting') as Strategy<unknown>,
  },
};

/** Names that presets had in older releases: runs that began under them go on. */
const FORMER_NAMES: Readonly<Record<string, string>> = { register: 'bounded-memory', clocks: 'async-planner' };

function presetNamed(id: string): Preset | undefined {
  const name = Object.hasOwn(FORMER_NAMES, id) ? FORMER_NAMES[id]! : id;
  return Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
}

/** Finds a preset, also by a name that it had before; `missing` names those there are. */
export function findPreset(id: string): Preset {
  const preset = presetNamed(id);
  if (preset) return preset;
  throw new PraxisError(
    'missing',
    `There is no strategy called "${id}". Known strategies: ${Object.keys(PRESETS).join(', ')}.`,
  );
}

/**
 * Finds the part of a preset to which a run is pinned (S9); `unavailable` where this release has another version, or
 * none.
 */
export function findPinned(id: string, part: 'planning' | 'acting', version: number): Strategy<unknown> {
  if (presetNamed(id) === undefined)
    throw new PraxisError(
      'unavailable',
      `The run goes by the strategy ${id}, which this process does not have; keep a process of the release that the run began with until it has ended.`,
    );
  const strategy = findPreset(id)[part];
  if (strategy.version === version) return strategy;
  throw new PraxisError(
    'unavailable',
    `The run is pinned to version ${version} of ${strategy.id}, and this process has version ${strategy.version}; keep a process of the release that the run began with until it has ended.`,
  );
}
