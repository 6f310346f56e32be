import {
  artifactRefSchema,
  ruleTexts,
  rulesIn,
  type Briefing,
  type Condition,
  type OpenRequest,
  type Verdict,
  type WorldInfo,
} from '@praxis/core';
import { z } from 'zod';
import type * as env from '../gen/praxis/v1/environment.js';
import type * as pb from '../gen/praxis/v1/types.js';
import { fromSkill, toSkill } from './action.js';
import { fromProblem } from './goal.js';
import { fromArtifact, toArtifact } from './output.js';
import { invalidField, parse } from './parse.js';

/** What a world says about itself, for the wire. */
export function toWorldInfo({ offers, ...info }: WorldInfo): pb.WorldInfo {
  const { legal, snapshots, clones } = offers;
  return { ...info, skills: info.skills.map(toSkill), can: { legal, snapshot: snapshots, clone: clones } };
}

/** What a world says about itself, from the wire; what it does not name it does not offer. */
export function fromWorldInfo({ can, ...message }: pb.WorldInfo): WorldInfo {
  if (message.name === '') throw invalidField('world.name', 'is missing');
  const snapshots = can?.snapshot === true;
  return {
    ...message,
    skills: message.skills.map(fromSkill),
    // A clone is made of a snapshot.
    offers: { legal: can?.legal === true, snapshots, clones: snapshots && can.clone },
  };
}

/** How to open a world, for the wire. */
export function toOpen(request: OpenRequest): env.OpenRequest {
  const { files = [], ...open } = request;
  return { ...open, problem: request.problem ?? undefined, files: files.map(toArtifact) };
}

/** How to open a world, from the wire. */
export function fromOpen(message: env.OpenRequest): OpenRequest {
  if (message.sessionId === '') throw invalidField('open.sessionId', 'is missing');
  const { files, ...open } = message;
  return {
    ...open,
    problem: message.problem ? fromProblem(message.problem) : null,
    ...(files.length > 0 && { files: parse('open.files', z.array(artifactRefSchema), files.map(fromArtifact)) }),
  };
}

/** A briefing for the wire, which has empty texts where there are no rules. */
export function toBriefing({ rules, condition, agents }: Briefing): env.BriefingResponse {
  return { ...ruleTexts(rules), condition, agents };
}

/** A briefing from the wire. */
export function fromBriefing({ domain, problem, condition, agents }: env.BriefingResponse): Briefing {
  if ((domain === '') !== (problem === '')) {
    const missing = domain === '' ? 'domain' : 'problem';
    throw invalidField(`briefing.${missing}`, 'is missing; a world tells both a domain and a problem, or neither');
  }
  return { rules: rulesIn({ domain, problem }), condition, agents };
}

/** A verdict from the wire; a world that does not say why a condition fails is taken to mean all of it. */
export function fromVerdict({ holds, problems }: env.CheckResponse, condition: Condition): Verdict {
  if (holds) return { holds, problems: [] };
  return { holds, problems: problems.length > 0 ? problems : [`${condition} does not hold`] };
}
