import {
  actionSchema,
  failureSchema,
  type Action,
  type Failure,
  type JsonSchema,
  type SkillManifest,
} from '@praxis/core';
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
export function toSkill(manifest: SkillManifest): pb.SkillManifest {
  const { effect, undo, parameters, requires = [], ensures = [], reads = [], writes = [], resources = [] } = manifest;
  return {
    ...manifest,
    effect: effectCodec.to(effect),
    parameters: parameters.map((p) => ({ ...p, optional: p.optional === true })),
    probed: manifest.probed === true,
    polling: manifest.polling === true,
    outside: manifest.outside === true,
    input: manifest.input,
    output: manifest.output,
    undo: undo && { skill: undo.skill, args: Object.entries(undo.args).map(([name, from]) => ({ name, from })) },
    ...{ requires, ensures, reads, writes, resources },
  };
}

/** A skill's manifest from the wire. */
export function fromSkill(message: pb.SkillManifest): SkillManifest {
  const { name, summary, source, keyed, parameters, undo, risk, money, input, output, hash } = message;
  const field = `skill.${name}`;
  for (const [what, amount] of Object.entries({ risk, money })) {
    if (amount !== undefined && !(amount >= 0)) throw invalidField(`${field}.${what}`, 'is not an amount');
  }
  const { probed, polling, outside, requires, ensures, reads, writes, resources } = message;
  const flags = { probed: probed || null, polling: polling || null, outside: outside || null };
  const lists = Object.entries({ requires, ensures, reads, writes, resources }).filter(([, list]) => list.length > 0);
  return {
    ...{ name, summary, source, keyed },
    parameters: parameters.map((p) => ({ name: p.name, type: p.type, ...(p.optional && { optional: true }) })),
    effect: effectCodec.from(`${field}.effect`, message.effect),
    ...present({ ...flags, risk, money, hash }),
    ...present({ input: input as JsonSchema | undefined, output: output as JsonSchema | undefined }),
    ...Object.fromEntries(lists),
    ...(undo
      ? { undo: { skill: undo.skill, args: Object.fromEntries(undo.args.map(({ name: to, from }) => [to, from])) } }
      : {}),
  };
}
