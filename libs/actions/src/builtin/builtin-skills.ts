import type { SkillSource } from '@praxis/core';
import { basicSkills, closeCalcThreads } from './basics/basic-skills.js';
import { chartSkills } from './chart/chart-skills.js';
import { docSkills } from './doc/doc-skills.js';
import { closeTableThreads, tableSkills } from './table/table-skills.js';
import { AllowedHosts } from './web/web-address.js';
import { closeLinkThreads, webSkills } from './web/web-skills.js';

/** What an operator may set of the built-in skills. */
export interface BuiltinSettings {
  readonly web?: {
    /** Hosts of one's own that the web skills may ask besides public ones, such as `127.0.0.1:8080`. */
    readonly allow?: readonly string[];
  };
}

/** The skills that every executor has; `invalid` where a setting is none. */
export function builtinSkills(settings: BuiltinSettings = {}): SkillSource {
  const allowed = new AllowedHosts(settings.web?.allow ?? []);
  const skills = [...tableSkills, ...chartSkills, ...docSkills, ...webSkills({ allowed }), ...basicSkills];
  return {
    name: 'builtin',
    list: async () => skills,
    close: async () => void (await Promise.all([closeTableThreads(), closeLinkThreads(), closeCalcThreads()])),
  };
}
