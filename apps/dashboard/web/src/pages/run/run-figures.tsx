import type { ReactNode } from 'react';
import type { Cost, Goal } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { runMeters } from '../../model/spending.js';
import { useNow } from '../../state/clock.js';
import { Meters } from '../../ui/meters.js';
import { costText } from '../../model/cost.js';
import { planVersion, runCounts } from '../../model/run-words.js';
import { count, number } from '../../model/words.js';
import { Bar } from '../../ui/bar.js';
import { Ago, Lasted, Until } from '../../ui/moment.js';
import { statusTone } from '../../ui/status.js';
import { Text } from '../../ui/text.js';
import type { RunHeaderProps } from './run-header.js';

/** What a run has cost so far, of what it may cost. */
export function RunFigures({ model, view: { goal, summary }, status }: RunHeaderProps) {
  const { steps, failed, replans, done, all, tools } = runCounts(model, summary);
  const version = planVersion(model, null)?.plan.version ?? 0;
  const executors = new Set(
    Object.values(model.attempts)
      .map((a) => a.by)
      .filter((by) => by !== ''),
  );
  return (
    <dl className="figures">
      <Figure name="World">
        <Text value={[goal.world, goal.scenario].filter(Boolean).join(' · ')} />
      </Figure>
      <Figure name="Subgoals">
        <Bar share={done / Math.max(1, all)} tone={statusTone(status)} label={`${done} of ${all} subgoals done`} />
        <span className="num">
          {done}/{all}
        </span>
      </Figure>
      <Figure name="Steps">
        <StepCounts steps={steps} failed={failed} denied={model.totals.denied} />
      </Figure>
      <Figure name="Budget" look="figure-wide">
        <RunMeters model={model} goal={goal} />
      </Figure>
      <Figure name="Replans">
        <span className="num">{number(replans)}</span>
        {version > 1 && <span className="quiet">plan v{version}</span>}
      </Figure>
      <Figure name="Tools">
        <span className="num">
          {tools} <span className="quiet">used of {model.opened?.tools.length ?? 0}</span>
        </span>
      </Figure>
      <ModelCosts spent={model.models} />
      <Figure name="Executors" look="figure-minor">
        <span className="num">{executors.size}</span>
      </Figure>
      <Figure name="Strategy" look="figure-minor">
        <Text value={goal.strategy} />
      </Figure>
      <Figure name="Started">
        <Ago at={summary.acceptedAt} />
      </Figure>
      {goal.deadlineMs !== null && model.startedAt !== null && model.ended === null && (
        <Figure name="Deadline">
          <Until at={model.startedAt + goal.deadlineMs} past="passed" />
        </Figure>
      )}
      <Figure name="Took">
        <Lasted from={summary.acceptedAt} to={model.endedAt ?? summary.endedAt} />
      </Figure>
    </dl>
  );
}

function StepCounts({
  steps,
  failed,
  denied,
}: {
  readonly steps: number;
  readonly failed: number;
  readonly denied: number;
}) {
  return (
    <>
      <span className="num">{number(steps)}</span>
      {failed > 0 && <span className="failed-count num">✕{number(failed)} failed</span>}
      {denied > 0 && <span className="quiet">{number(denied)} not allowed, at no cost</span>}
    </>
  );
}

/** What models have cost; nothing where none was asked. */
function ModelCosts({ spent }: { readonly spent: Cost }) {
  if (spent.calls === 0) return null;
  return (
    <Figure name="Models">
      <span className="num">
        {count(spent.calls, 'call')}{' '}
        <span className="quiet">{costText({ ...spent, calls: 0, steps: 0, risk: 0 })}</span>
      </span>
    </Figure>
  );
}

function Figure({
  name,
  look,
  children,
}: {
  readonly name: string;
  readonly look?: 'figure-minor' | 'figure-wide';
  readonly children: ReactNode;
}) {
  return (
    <div className={look}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RunMeters({ model, goal }: { readonly model: RunModel; readonly goal: Goal }) {
  const now = useNow(goal.budget.wallMs !== null && model.ended === null);
  return <Meters meters={runMeters(model, goal, now)} />;
}
