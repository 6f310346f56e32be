export { actionNames, clashingSkill, isOwnSkill } from './declared-clash.js';
export { parseSkills, type DeclaredSkill, type SkillsPlace } from './declared-skill.js';
export { guardsOf } from './guards.js';
export { macroFor, withMacros, type MendedPlan, type Preparation } from './macros.js';
export { SkillRegistry } from './skill-registry.js';
export { describeDeclared, withDeclared } from './with-declared.js';
export { domainSkills, worldSkills } from './world-skills.js';
export { recordedIn, ensuredBy } from './recorded-in.js';
export { boundedOutput } from './bounded-output.js';
