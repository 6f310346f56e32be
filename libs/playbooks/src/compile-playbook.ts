import {
  checkAtom,
  conjunction,
  type Checks,
  type Json,
  type Playbook,
  type PlanNode,
  type SkillManifest,
} from '@praxis/core';
import { isTemplate, namesInStep, renderTemplate } from '@praxis/expressions';
import { orderOf } from './check-playbook.js';

/** What a playbook's plan is made with. */
export interface CompileFrame {
  /** Version of the plan: ids of its subgoals begin with it. */
  readonly version: number;
  /** Manifest of a skill, where it is known: its output schema goes into the plan. */
  manifest?(skill: string): Pick<SkillManifest, 'output'> | null;
  /** The lane of a step, from what its skill needs; `default` where nothing is said. */
  lane?(skill: string): string;
  /** Subgoals that stay from an earlier version, by the step that they are. */
  readonly kept?: ReadonlyMap<string, PlanNode>;
}

/**
 * The plan of a playbook: one subgoal per step, which waits for the steps that it names or refers to, or for the one
 * before it where it does neither, and for the questions before it (step-order).
 *
 * compile.1 Every step is one subgoal, and carries the step as its script.
 * compile.2 `uses` names every input and step that the step refers to, and `gives` the step: outputs go from one
 *           subgoal to the others by these names.
 * compile.3 What is kept keeps its id; the rest waits for it under that id.
 */
export function compilePlaybook(playbook: Playbook, frame: CompileFrame): readonly PlanNode[] {
  const { steps, inputs } = playbook;
  const kept = frame.kept ?? new Map<string, PlanNode>();
  const ids = new Map(steps.map((s, i) => [s.id, kept.get(s.id)?.id ?? `${frame.version}.${i + 1}`]));
  const names = [...Object.keys(inputs), ...steps.map((s) => s.id)];
  const order = orderOf(playbook);
  return steps.map((step) => {
    const stays = kept.get(step.id);
    if (stays !== undefined) return stays;
    const schema = frame.manifest?.(step.do)?.output;
    return {
      id: ids.get(step.id)!,
      title: step.title ?? `${step.id}: ${step.do}`,
      pre: [],
      post: '(and)',
      after: order.get(step.id)!.map((id) => ids.get(id)!),
      owner: null,
      lane: frame.lane?.(step.do) ?? 'default',
      steps: [],
      cost: 1,
      uses: [...namesInStep(step, names)],
      gives: [{ name: step.id, ...(schema && step.each === undefined && { schema: { ...schema } }) }],
      script: [step],
    };
  });
}

/** The checks of a playbook's goal by name, and the condition that they are. */
export function goalOfPlaybook({ done }: Pick<Playbook, 'done'>): {
  readonly condition: string;
  readonly checks: Checks;
} {
  const checks = Object.fromEntries(done.map((check, i) => [`done-${i + 1}`, check]));
  return { condition: conjunction(Object.keys(checks).map(checkAtom)), checks };
}

/** The title with its inputs filled in; a file stands for its name. */
export function titleOfPlaybook({ title }: Pick<Playbook, 'title'>, inputs: Readonly<Record<string, Json>>): string {
  if (!isTemplate(title)) return title;
  const outputs = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, { value, artifacts: [], taint: [] }]),
  );
  const rendered = renderTemplate(title, outputs);
  return 'value' in rendered ? String(rendered.value).slice(0, 500) : title;
}
