import {
  ASK_PERSON,
  checkText,
  judge,
  nearestName,
  orderNodes,
  type ApprovalRule,
  type Json,
  type Playbook,
  type PlanNode,
  type ScriptStep,
  type SkillManifest,
} from '@praxis/core';
import { bindInputs, compilePlaybook, exampleOf, titleOfPlaybook } from '@praxis/playbooks';
import { inputText } from './input-text.js';
import { visible } from './words.js';

/** Rules by which a step may need a person. */
export interface Rules {
  readonly deployment: readonly ApprovalRule[];
  readonly goal: readonly ApprovalRule[];
  readonly tenant: string;
}

/** A step as it would be carried out. */
export interface StepPreview {
  readonly id: string;
  readonly title: string;
  readonly skill: string;
  /** Steps that come before. */
  readonly after: readonly string[];
  readonly each: string | null;
  readonly when: string | null;
  /** Effect of its skill; null where the skill is none of those that every deployment has. */
  readonly effect: SkillManifest['effect'] | null;
  /** A known skill that may be meant instead of an unknown one. */
  readonly near: string | null;
}

/** What a playbook would do. */
export interface Preview {
  readonly playbook: string;
  readonly title: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly value: Json | null;
    readonly isMissing: boolean;
  }[];
  readonly steps: readonly StepPreview[];
  readonly grants: Playbook['grants'] | null;
  /** One sentence for each place at which a person is, or may be, asked. */
  readonly asks: readonly string[];
  readonly done: readonly string[];
}

/**
 * What a playbook would do with these inputs; fails with `invalid` where one does not fit. A required input that is not
 * given is shown as missing.
 */
export function previewOf(
  playbook: Playbook,
  given: Readonly<Record<string, Json>>,
  skills: ReadonlyMap<string, SkillManifest>,
  rules: Rules,
): Preview {
  const { inputs, grants = null, done } = playbook;
  const isThere = (name: string): boolean => Object.hasOwn(given, name) || inputs[name]!.default !== undefined;
  const known = Object.fromEntries(Object.entries(inputs).filter(([name]) => isThere(name)));
  const stray = Object.entries(given).filter(([name]) => !Object.hasOwn(inputs, name));
  if (stray.length > 0) bindInputs(playbook, Object.fromEntries(stray));
  const values = bindInputs({ playbook: playbook.playbook, inputs: known }, given);
  const plan = compilePlaybook(playbook, { version: 1 });
  const nodes = orderNodes(plan) ?? plan;
  return {
    playbook: playbook.playbook,
    title: titleOfPlaybook(playbook, values),
    inputs: Object.entries(inputs).map(([name, { type }]) => ({
      name,
      type,
      value: values[name] ?? null,
      isMissing: !isThere(name),
    })),
    steps: nodes.map((node) => stepPreview(node, nodes, skills)),
    grants,
    asks: [...asksOf(nodes, skills, rules), ...done.flatMap((c) => ('person' in c ? [`at the end: ${c.person}`] : []))],
    done: done.map(checkText),
  };
}

const stepOf = (node: PlanNode): ScriptStep => node.script![0]!;

function stepPreview(
  node: PlanNode,
  nodes: readonly PlanNode[],
  skills: ReadonlyMap<string, SkillManifest>,
): StepPreview {
  const { id, do: skill, each, when = null } = stepOf(node);
  return {
    id,
    title: node.title,
    skill,
    after: nodes.filter((n) => node.after.includes(n.id)).map((n) => stepOf(n).id),
    each: each === undefined ? null : `${each.of}, ${each.parallel} at a time`,
    when,
    effect: skills.get(skill)?.effect ?? null,
    near: skills.has(skill) ? null : nearestName(skill, [...skills.keys()]),
  };
}

/** Where a person is asked: by the step itself, when it fails, by a check of it, or by the approval rules. */
function asksOf(
  nodes: readonly PlanNode[],
  skills: ReadonlyMap<string, SkillManifest>,
  { deployment, goal, tenant }: Rules,
): readonly string[] {
  const tainted = new Set<string>();
  return nodes.flatMap((node) => {
    const step = stepOf(node);
    const manifest = skills.get(step.do);
    const isTainted = (node.uses ?? []).some((name) => tainted.has(name));
    if (isTainted || manifest?.outside === true) tainted.add(step.id);
    const request = { skill: step.do, world: 'workspace', tenant, taint: isTainted ? ['outside'] : [] };
    const decided = manifest && judge(deployment, goal, { ...request, effect: manifest.effect }).decision;
    return [
      ...(step.do === ASK_PERSON ? [text(step.with['question']) || 'asks a person'] : ruledText(step.do, decided)),
      ...step.check.flatMap((check) => ('person' in check ? [check.person] : [])),
      ...(step.onFail === 'ask' ? ['only where it fails for good'] : []),
    ].map((ask) => `${step.id}: ${ask}`);
  });
}

function ruledText(skill: string, decided: ApprovalRule['decision'] | undefined): readonly string[] {
  if (decided === 'ask') return [`${skill} needs an approval`];
  return decided === 'deny' ? [`${skill} is forbidden by a rule; the run would fail`] : [];
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? visible(value) : '');

/** What a playbook would do, for people. */
export function planLines({ title, inputs, steps, grants, asks, done }: Preview): readonly string[] {
  return [
    visible(title),
    ...section(
      'inputs',
      inputs.map(
        ({ name, type, value, isMissing }) =>
          `${name} (${type}): ${isMissing ? `missing; give it with --in ${name}=${exampleFor(type)}` : inputText(value)}`,
      ),
    ),
    ...['', 'steps', ...steps.flatMap(stepLines)],
    ...section('may use', grantLines(grants)),
    ...section('asks a person', asks),
    ...section('done when', done.map(visible)),
  ];
}

const exampleFor = (type: string): string => exampleOf({ type } as Playbook['inputs'][string]);

const section = (head: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', head, ...lines.map((line) => `  ${line}`)];

function stepLines({ id, title, skill, after, each, when, effect, near }: StepPreview): readonly string[] {
  const unknown =
    near === null ? 'a skill that is not known here' : `a skill that is not known here; did you mean ${near}?`;
  const of = each === null ? '' : ` for each of ${each}`;
  const where = when === null ? '' : ` when ${visible(when)}`;
  return [
    `  ${id}: ${skill}${of}${where} (${effect ?? unknown})${after.length === 0 ? '' : `  after ${after.join(', ')}`}`,
    ...(title === `${id}: ${skill}` ? [] : [`      ${visible(title)}`]),
  ];
}

function grantLines(grants: Preview['grants']): readonly string[] {
  if (!grants) return [];
  const { skills, hosts, paths, mounts } = grants;
  return [
    ...(skills ? [`skills ${skills.join(', ') || 'none'}`] : []),
    ...(hosts ? [`hosts ${hosts.join(', ') || 'none'}`] : []),
    ...(paths?.write ? [`files to write ${paths.write.join(', ') || 'none'}`] : []),
    ...Object.entries(mounts ?? {}).map(([name, mode]) => `mount ${name} (${mode})`),
  ];
}
