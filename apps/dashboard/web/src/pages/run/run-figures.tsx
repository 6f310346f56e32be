import type { ReactNode } from 'react';
import type { Goal } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { runMeters } from '../../model/spending.js';
import { useNow } from '../../state/clock.js';
import { Meters } from '../../ui/meters.js';
import { doneIn, planVersion } from '../../model/run-words.js';
import { number } from '../../model/words.js';
import { Bar } from '../../ui/bar.js';
import { Ago, Lasted, Until } from '../../ui/moment.js';
import { statusTone } from '../../ui/status.js';
import { Text } from '../../ui/text.js';
import type { RunHeaderProps } from './run-header.js';

/** What a run has cost so far, of what it may cost. */
export function RunFigures({ model, view: { goal, summary }, status }: RunHeaderProps) {
  const plan = planVersion(model, null);
  const all = plan?.plan.nodes.length ?? 0;
  const done = doneIn(model, plan);
  const { steps, failed, replans } = model.totals;
  const executors = new Set(Object.values(model.attempts).map((a) => a.by).filter((by) => by !== ''));
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
        <span className="num">
          {number(steps)}
        </span>
        {failed > 0 && <span className="failed-count num">✕{number(failed)} failed</span>}
      </Figure>
      <Figure name="Budget" look="figure-wide">
        <RunMeters model={model} goal={goal} />
      </Figure>
      <Figure name="Replans">
        <span className="num">{number(replans)}</span>
        {plan && plan.plan.version > 1 && <span className="quiet">plan v{plan.plan.version}</span>}
      </Figure>
      <Figure name="Tools">
        <span className="num">
          {model.toolsUsed.length} <span className="quiet">used of {model.opened?.tools.length ?? 0}</span>
        </span>
      </Figure>
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

function Figure({ name, look, children }: { readonly name: string; readonly look?: 'figure-minor' | 'figure-wide'; readonly children: ReactNode }) {
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
