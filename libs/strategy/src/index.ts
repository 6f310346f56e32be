export * from './handlers.js';
export { interpret, type Interpretation } from './interpreter.js';
export * from './planned-step.js';
export { recedingHorizon, type HorizonParams, type HorizonResult, type HorizonState } from './receding-horizon.js';
export { proposeAndVerify } from './propose-and-verify.js';
export * from './presets.js';
