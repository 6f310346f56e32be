export * from './model/sim-clock.js';
export * from './model/real-clock.js';
export * from './model/virtual-clock.js';
export { DEFAULT_NODE_SIZE, type NodeSize } from './model/node-rates.js';
export type { SimulatedAnswer, SimulatedCall } from './model/sequence.js';
export * from './model/simulated-node.js';
export { jsonAnswer, type AnswerMaker, type MadeAnswer, type MadeCall } from './answers/answer-maker.js';
export { openAnswers, type AnswersChoice } from './answers/open-answers.js';
export { PlainMaker } from './answers/plain-maker.js';
export { parseScript, ScriptedMaker } from './answers/scripted-maker.js';
export { SkillMaker } from './answers/skills/skill-maker.js';
export { parseRules, RuleScript, type ScriptRule } from './answers/skills/rule-script.js';
export { WeakMaker } from './answers/weak/weak-maker.js';
export {
  parseWeakness,
  spoilsAnswers,
  WEAKNESS_NAMES,
  WEAKNESSES,
  weaknessesOf,
  type Weakness,
  type Weaknesses,
} from './answers/weak/weakness.js';
export { TOOL_MODES, type ToolMode } from './server/tool-mode.js';
export { RuleMaker, type RuleMakerOptions } from './answers/rules/rule-maker.js';
export type { Think } from './answers/rules/thinking.js';
export { startSimulatedNode, type SimulatorOptions, type StartedNode } from './server/start-simulated-node.js';
export type { SimulatorStats } from './server/routes.js';
export { FAULT_KINDS, parseFault, type FaultKind, type FaultRule } from './server/faults.js';
