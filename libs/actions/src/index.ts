export { guardsOf } from './guards.js';
export { macroFor, withMacros, type MendedPlan, type Preparation } from './macros.js';
export { SkillRegistry } from './skill-registry.js';
export { worldSkills } from './world-skills.js';
