import { digest, type Tool, type ToolBody } from '@praxis/core';
import { TypeHierarchy, type ActionSchema, type Domain, type PddlEffect } from '@praxis/search';
import type { Contrast, Suspect } from './contrast.js';

/** Where a new tool belongs and what it was learned from. */
export interface Provenance {
  readonly space: string;
  readonly domain: string;
  readonly subgoals: readonly string[];
  readonly contrast: Contrast;
  readonly now: number;
}

/** The guard that a suspect stands for: the action is planned as if it needed the literal. */
export function proposeGuard(action: ActionSchema, suspect: Suspect, from: Provenance): Tool {
  const parameters = action.parameters.map((p) => p.name);
  const body: ToolBody = { kind: 'guard', action: action.name, parameters, requires: suspect.literal };
  return candidate(`before ${action.name}, make sure of ${suspect.literal}`, body, from);
}

/**
 * The macro that brings a guard's literal about with one action whose parameters are all among the guarded action's;
 * null where there is no such action, or several.
 */
export function proposeMacro(domain: Domain, action: ActionSchema, suspect: Suspect, from: Provenance): Tool | null {
  const enablers = domain.actions.flatMap((enabler) => {
    const args = bind(domain, enabler, action, suspect.literal);
    return args ? [{ action: enabler.name, args }] : [];
  });
  if (enablers.length !== 1) return null;
  const parameters = action.parameters.map((p) => p.name);
  const body: ToolBody = { kind: 'macro', action: action.name, parameters, unless: suspect.literal, first: enablers };
  return candidate(`${enablers[0]!.action}, then ${action.name}`, body, from);
}

/** A hint for people and models where nothing tells refusals from successes. */
export function proposeHint(action: ActionSchema, from: Provenance): Tool {
  const { refusals, successes } = from.contrast;
  const text = `${action.name} was refused ${refusals} times and done ${successes} times; no single fact about its arguments tells why.`;
  return candidate(
    `${action.name} is refused for an unknown reason`,
    { kind: 'hint', action: action.name, text },
    from,
  );
}

function candidate(title: string, body: ToolBody, from: Provenance): Tool {
  const id = `t-${digest({ space: from.space, domain: from.domain, body: JSON.stringify(body) }).slice(0, 12)}`;
  const { successes, refusals } = from.contrast;
  const evidence = {
    subgoals: [...from.subgoals],
    successes,
    failures: refusals,
    pairs: 0,
    wins: 0,
    losses: 0,
    eValue: 1,
  };
  return { id, space: from.space, domain: from.domain, title, body, trust: 'candidate', evidence, createdAt: from.now };
}

/**
 * Arguments for an enabler, in the guarded action's variables, such that it adds the literal; null where it does not.
 */
function bind(domain: Domain, enabler: ActionSchema, action: ActionSchema, literal: string): string[] | null {
  const wanted = /^\(not \((.*)\)\)$/.exec(literal);
  const words = (wanted?.[1] ?? literal.slice(1, -1)).split(' ');
  const effect = effects(enabler.effect).find(
    (e) => e.kind === (wanted ? 'delete' : 'add') && e.predicate === words[0] && e.args.every((a) => a.startsWith('?')),
  );
  if (!effect) return null;
  const binding = new Map(effect.args.map((variable, i) => [variable, words[i + 1]!]));
  const args = enabler.parameters.map(
    (p) => binding.get(p.name) ?? sameRole(domain, p, action, new Set(binding.values())),
  );
  return args.every((a): a is string => a !== null) ? args : null;
}

/** The only parameter of the action that has the same type and is not taken yet. */
function sameRole(
  domain: Domain,
  parameter: ActionSchema['parameters'][number],
  action: ActionSchema,
  taken: ReadonlySet<string>,
): string | null {
  const types = new TypeHierarchy(domain.types);
  const fitting = action.parameters.filter((p) => !taken.has(p.name) && types.isWithin(p.types, parameter.types));
  return fitting.length === 1 ? fitting[0]!.name : null;
}

function effects(effect: PddlEffect): readonly Extract<PddlEffect, { kind: 'add' | 'delete' }>[] {
  if (effect.kind === 'and') return effect.parts.flatMap(effects);
  return effect.kind === 'add' || effect.kind === 'delete' ? [effect] : [];
}
