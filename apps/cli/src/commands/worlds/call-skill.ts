import { randomUUID } from 'node:crypto';
import { SkillRegistry } from '@praxis/actions';
import { PraxisError, type Action, type Json, type SkillManifest } from '@praxis/core';
import { skillCatalog } from '../../compose/declared-skills.js';
import type { Context } from '../../context.js';

/** What a person calls a skill with. */
export interface PersonsCall {
  readonly context: Context;
  /** `name=value` texts. */
  readonly args: readonly string[];
  /** Also a skill that changes something. */
  readonly isSure: boolean;
}

/**
 * Calls a skill of the settings' file or modules once, from this process and outside of any run, and prints its output:
 * a person's first check that a skill works. Gives the exit code.
 */
export async function callSkill(name: string | undefined, { context, args, isSure }: PersonsCall): Promise<number> {
  if (name === undefined) throw new PraxisError('invalid', 'Say which skill: praxis skills call NAME --in name=value.');
  const catalog = skillCatalog(context.settings, context.logger('skills'));
  try {
    const declared = await catalog.declared();
    const registry = SkillRegistry.of(declared.map(({ skill }) => skill));
    const manifest = registry.manifest({ skill: name, args: {} });
    const action: Action = { skill: name, args: manifest === null ? {} : argumentsOf(args, manifest) };
    const problem = registry.validationError(action);
    if (manifest === null)
      throw new PraxisError('missing', `${problem} (only skills of skills.file and skills.modules can be called here)`);
    if (problem !== null) throw new PraxisError('invalid', problem);
    if (manifest.effect !== 'pure' && !isSure)
      throw new PraxisError('invalid', `${name} is ${manifest.effect}: it may change something. Add --yes to call it.`);
    const { result } = await registry.run(action, `call-${randomUUID()}`, AbortSignal.timeout(600_000));
    if (!result.ok) throw new PraxisError('unavailable', `${result.code}: ${result.message}`);
    context.print.json(result.output?.value ?? result.message);
    return 0;
  } finally {
    await catalog.close();
  }
}

/** Arguments as a person types them: a text where the skill wants a text, JSON otherwise. */
export function argumentsOf(texts: readonly string[], { parameters }: SkillManifest): Action['args'] {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new PraxisError('invalid', `An argument is written name=value, found ${text}.`);
      const [name, value] = [text.slice(0, at), text.slice(at + 1)];
      const type = parameters.find((p) => p.name === name)?.type ?? 'string';
      return [name, type === 'string' ? value : readJson(value)];
    }),
  );
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
