import { actionSchema, failureSchema, type Action, type Failure, type SkillManifest } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { invalidField, need, parse } from './parse.js';
import { effectCodec, failureCodec } from './enum-codecs.js';

/** An action for the wire; its arguments keep their order. */
export function toAction(action: Action): pb.Action {
  return { skill: action.skill, args: toArguments(action.args) };
}

/** Named arguments for the wire, in their order. */
export function toArguments(args: Action['args']): readonly pb.Argument[] {
  return Object.entries(args).map(([name, value]) => ({ name, value }));
}

/** An action from the wire. */
export function fromAction(message: pb.Action): Action {
  return parse('action', actionSchema, { skill: message.skill, args: fromArguments('action.args', message.args) });
}

/** Named arguments from the wire; the schema of what holds them checks the values. */
export function fromArguments(field: string, message: readonly pb.Argument[]): object {
  const args = new Map<string, unknown>();
  for (const { name, value } of message) {
    if (args.has(name)) throw invalidField(`${field}.${name}`, 'stands twice');
    args.set(name, need<unknown>(`${field}.${name}`, value));
  }
  return Object.fromEntries(args);
}

/** A remembered failure for the wire. */
export function toFailure(failure: Failure): pb.Failure {
  return {
    action: failure.action,
    code: failureCodec.to(failure.code),
    facts: failure.facts,
    permanent: failure.permanent === true,
    ...present({ reason: failure.reason }),
  };
}

/** A remembered failure from the wire. */
export function fromFailure(message: pb.Failure): Failure {
  return parse('failure', failureSchema, {
    ...message,
    code: failureCodec.from('failure.code', message.code),
    permanent: message.permanent || undefined,
  });
}

/** A skill's manifest for the wire. */
export function toSkill({ effect, probed = false, polling = false, undo, ...skill }: SkillManifest): pb.SkillManifest {
  const undoes = undo && { skill: undo.skill, args: Object.entries(undo.args).map(([name, from]) => ({ name, from })) };
  return { ...skill, effect: effectCodec.to(effect), probed, polling, undo: undoes };
}

/** A skill's manifest from the wire. */
export function fromSkill({ effect, probed, polling, undo, risk, money, ...message }: pb.SkillManifest): SkillManifest {
  const field = `skill.${message.name}`;
  for (const [name, amount] of Object.entries({ risk, money })) {
    if (amount !== undefined && !(amount >= 0)) throw invalidField(`${field}.${name}`, 'is not an amount');
  }
  return {
    ...message,
    effect: effectCodec.from(`${field}.effect`, effect),
    ...present({ probed: probed || null, polling: polling || null, risk, money }),
    ...(undo
      ? { undo: { skill: undo.skill, args: Object.fromEntries(undo.args.map(({ name, from }) => [name, from])) } }
      : {}),
  };
}
