import { artifactRefSchema, type Briefing, type OpenRequest, type WorldInfo } from '@praxis/core';
import { z } from 'zod';
import type * as env from '../gen/praxis/v1/environment.js';
import type * as pb from '../gen/praxis/v1/types.js';
import { fromSkill, toSkill } from './action.js';
import { fromProblem } from './goal.js';
import { fromArtifact, toArtifact } from './output.js';
import { invalidField, parse } from './parse.js';

/** What a world says about itself, for the wire. */
export function toWorldInfo(info: WorldInfo): pb.WorldInfo {
  return { ...info, skills: info.skills.map(toSkill) };
}

/** What a world says about itself, from the wire; abilities it does not name it does not have. */
export function fromWorldInfo(message: pb.WorldInfo): WorldInfo {
  if (message.name === '') throw invalidField('world.name', 'is missing');
  return {
    ...message,
    skills: message.skills.map(fromSkill),
    can: message.can ?? { snapshot: false, clone: false, legal: false },
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

/** A briefing from the wire. */
export function fromBriefing(message: env.BriefingResponse): Briefing {
  return { domain: message.domain, problem: message.problem, condition: message.condition, agents: message.agents };
}
