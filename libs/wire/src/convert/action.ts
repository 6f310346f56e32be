import { actionSchema, failureSchema, type Action, type Failure, type SkillManifest } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { invalidField, need, parse } from './parse.js';
import { effectWords, failureWords } from './words.js';

/** An action for the wire; its arguments keep their order. */
export function toAction(action: Action): pb.Action {
  return { skill: action.skill, args: Object.entries(action.args).map(([name, value]) => ({ name, value })) };
}

/** An action from the wire. */
export function fromAction(message: pb.Action): Action {
  const args = new Map<string, unknown>();
  for (const { name, value } of message.args) {
    if (args.has(name)) throw invalidField(`action.args.${name}`, 'stands twice');
    args.set(name, need<unknown>(`action.args.${name}`, value));
  }
  return parse('action', actionSchema, { skill: message.skill, args: Object.fromEntries(args) });
}

/** A remembered failure for the wire. */
export function toFailure(failure: Failure): pb.Failure {
  return { action: failure.action, code: failureWords.to(failure.code), facts: failure.facts };
}

/** A remembered failure from the wire. */
export function fromFailure(message: pb.Failure): Failure {
  return parse('failure', failureSchema, { ...message, code: failureWords.from('failure.code', message.code) });
}

/** A skill's manifest for the wire. */
export function toSkill(skill: SkillManifest): pb.SkillManifest {
  return { ...skill, effect: effectWords.to(skill.effect) };
}

/** A skill's manifest from the wire. */
export function fromSkill(message: pb.SkillManifest): SkillManifest {
  return { ...message, effect: effectWords.from(`skill.${message.name}.effect`, message.effect) };
}
