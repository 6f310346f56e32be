import { Suspense, useState, type ComponentProps } from 'react';
import type { RunStatus, RunSummary } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { openQuestions } from '../../model/questions.js';
import { isBehind, planVersion } from '../../model/run-words.js';
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
  /** As the run was when the page was opened. */
  readonly summary: RunSummary;
  readonly version: number | null;
  readonly setVersion: (version: number | null) => void;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
}

/** The plan, as a graph or as an outline, and what else belongs to the run. */
export function PlanPane({ model, status, summary, version, setVersion, selected, select }: PlanPaneProps) {
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
        {showsPlan &&
          (shown ? (
            <PlanView model={model} shown={shown} selected={selected} select={select} asGraph={view === 'graph'} />
          ) : (
            <NoPlan
              status={status}
              planning={model.planning}
              isBehind={isBehind(model, summary)}
              isAsking={openQuestions(model).length > 0}
            />
          ))}
      </div>
      {showsPlan && chosen && <NodeDetail model={model} node={chosen} onClose={() => select(null)} />}
    </section>
  );
}

function PlanView({ asGraph, ...plan }: ComponentProps<typeof PlanOutline> & { readonly asGraph: boolean }) {
  if (plan.shown.plan.nodes.length === 0)
    return (
      <EmptyBox head="Nothing had to be done">
        The plan has no subgoals: what was wanted holds already, or nothing of it can be done.
      </EmptyBox>
    );
  if (!asGraph) return <PlanOutline {...plan} />;
  return (
    <Suspense fallback={<Skeleton rows={6} />}>
      <PlanGraph {...plan} />
    </Suspense>
  );
}

function NoPlan({
  status,
  planning,
  isBehind,
  isAsking,
}: {
  readonly status: RunStatus;
  readonly planning: number | null;
  readonly isBehind: boolean;
  readonly isAsking: boolean;
}) {
  if (isBehind) return <Skeleton rows={6} />;
  if (isAsking)
    return (
      <EmptyBox head="Waiting for an answer">
        The run asks something; it is planned when somebody has answered.
      </EmptyBox>
    );
  if (status === 'paused') return <EmptyBox head="Paused">The run is planned when it is resumed.</EmptyBox>;
  if (status === 'waiting' || status === 'running') {
    return (
      <EmptyBox head={planning === null ? 'Waiting for the planner' : 'Being planned'}>
        The planner searches for a whole plan and cuts it into subgoals; the graph appears here as soon as it stands.
      </EmptyBox>
    );
  }
  return <EmptyBox head="No plan was found">The run ended without one; the timeline says why.</EmptyBox>;
}
