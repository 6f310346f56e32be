import { Suspense, useState, type ComponentProps } from 'react';
import type { RunStatus } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { planVersion } from '../../model/run-words.js';
import { part } from '../../ui/part.js';
import { EmptyBox, Skeleton } from '../../ui/states.js';
import { Choices } from '../../ui/choices.js';
import { GoalView } from './goal-view.js';
import { NodeDetail } from './node-detail.js';
import { PlanOutline } from './plan-outline.js';
import { RunTools } from './run-tools.js';
import { VersionSwitch } from './version-switch.js';

const PlanGraph = part(async () => (await import('../plan-graph/plan-graph.js')).PlanGraph);

const VIEWS = { graph: 'Graph', outline: 'Outline', tools: 'Tools', goal: 'Goal' } as const;
type View = keyof typeof VIEWS;

interface PlanPaneProps {
  readonly model: RunModel;
  readonly status: RunStatus;
  readonly version: number | null;
  readonly setVersion: (version: number | null) => void;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
}

/** The plan, as a graph or as an outline, and what else belongs to the run. */
export function PlanPane({ model, status, version, setVersion, selected, select }: PlanPaneProps) {
  const [view, setView] = useState<View>('graph');
  const shown = planVersion(model, version);
  const chosen = shown?.plan.nodes.find((n) => n.id === selected) ?? null;
  const showsPlan = view === 'graph' || view === 'outline';
  return (
    <section className="pane plan-pane" aria-label="Plan">
      <header className="pane-head">
        <h2>Plan</h2>
        {showsPlan && <VersionSwitch model={model} shown={shown} setVersion={setVersion} />}
        <Choices name="What to show" value={view} options={VIEWS} onChange={setView} />
      </header>
      <div className={`pane-body pane-${view}`}>
        {view === 'tools' && <RunTools model={model} />}
        {view === 'goal' && <GoalView model={model} />}
        {showsPlan && (shown ? <PlanView model={model} shown={shown} selected={selected} select={select} asGraph={view === 'graph'} /> : <NoPlan status={status} planning={model.planning} />)}
      </div>
      {showsPlan && chosen && <NodeDetail model={model} node={chosen} onClose={() => select(null)} />}
    </section>
  );
}

function PlanView({ asGraph, ...plan }: ComponentProps<typeof PlanOutline> & { readonly asGraph: boolean }) {
  if (plan.shown.plan.nodes.length === 0) return <EmptyBox head="Nothing had to be done">The plan has no subgoals: what was wanted holds already, or nothing of it can be done.</EmptyBox>;
  if (!asGraph) return <PlanOutline {...plan} />;
  return (
    <Suspense fallback={<Skeleton rows={6} />}>
      <PlanGraph {...plan} />
    </Suspense>
  );
}

function NoPlan({ status, planning }: { readonly status: RunStatus; readonly planning: number | null }) {
  if (status === 'waiting' || status === 'running') {
    return <EmptyBox head={planning === null ? 'Waiting for the planner' : 'Being planned'}>The planner searches for a whole plan and cuts it into subgoals; the graph appears here as soon as it stands.</EmptyBox>;
  }
  return <EmptyBox head="There was never a plan">The run ended before one was found; the timeline says why.</EmptyBox>;
}
