export * from './contract/handlers.js';
export type { ForcedStep } from './contract/context.js';
export { ruleDenies, type Rules } from './effects/gate.js';
export { interpret, type Interpretation } from './engine/interpreter.js';
export * from './kernels/planned-step.js';
export {
  recedingHorizon,
  type HorizonParams,
  type HorizonResult,
  type HorizonState,
} from './kernels/receding-horizon.js';
export { PATIENCE, withProgressGuard, type GuardParams, type GuardState } from './wrappers/progress-guard.js';
export { proposeAndVerify } from './kernels/propose-and-verify.js';
export { MOST_STALE, judgeRefusal, type StaleSoFar } from './effects/staleness.js';
export { scripted, type ScriptState } from './kernels/scripted.js';
export { callKey, placeOf } from './kernels/script/script-state.js';
export { script, scriptLine } from './kernels/script/script.js';
export * from './contract/candidates.js';
export { metaPlan, type MetaPlanParams, type MetaPlanState } from './kernels/meta-plan.js';
export { REACT_DEFAULTS, react } from './kernels/react.js';
export type { ReactParams, ReactState } from './kernels/react-state.js';
export { ASYNC_DEFAULTS, asyncPlanner, type AsyncParams, type AsyncState } from './wrappers/async-planner.js';
export { firstOf, type ChainState } from './wrappers/first-of.js';
export * from './kernels/memory-view.js';
export * from './kernels/plan-trie.js';
export * from './contract/selector.js';
export * from './presets/presets.js';
export * from './replay/replay-history.js';
export { replayStream, type AnsweredEffect, type StreamReplay, type StreamReplayed } from './replay/replay-stream.js';
export { readElsewhere, type Elsewhere } from './effects/elsewhere.js';
export { AttemptLog, type ActionRecord } from './effects/attempt-log.js';
export { watchRun, type RunWatch, type WatchOptions } from './engine/watch-run.js';
export { effectsOf } from './contract/effects-of.js';
export type { PendingEffect } from './engine/stream-state.js';
