import { memo } from 'react';
import type { RunSummary } from '../../../../src/api.js';
import { Link } from '../../route/link.js';
import { count, number } from '../../model/words.js';
import { Bar } from '../../ui/bar.js';
import { Icon } from '../../ui/icon.js';
import { Ago, Lasted } from '../../ui/moment.js';
import { statusTone, StatusMark } from '../../ui/status.js';
import { Text } from '../../ui/text.js';

/** One run in the list; memoised, so that a change draws one row. */
export const RunRow = memo(function RunRow({ run }: { readonly run: RunSummary }) {
  // That the goal holds goes without saying; a constraint that was not checked does not.
  const explains = run.endedAt !== null && !['', 'the goal holds'].includes(run.reason);
  return (
    <tr>
      <td className="cell-status">
        <StatusMark status={run.status} />
        {run.questions > 0 && <Asks questions={run.questions} />}
      </td>
      <td className="cell-title">
        <Link href={`/runs/${encodeURIComponent(run.id)}`} data-row className="row-link">
          <Text value={run.title} />
        </Link>
        {explains ? (
          <Text className="quiet small" value={run.reason} />
        ) : (
          <Text className="quiet small cell-id" value={run.id} />
        )}
      </td>
      <td className="cell-world" data-label="World">
        <Text value={run.world} />
      </td>
      <td className="cell-progress" data-label="Subgoals">
        <Subgoals run={run} />
      </td>
      <td className="right num" data-label="Steps">
        {number(run.steps)}
        {run.failedSteps > 0 && (
          <span className="failed-count" title={`${count(run.failedSteps, 'step')} failed`}>
            {' '}
            ✕{number(run.failedSteps)}
          </span>
        )}
      </td>
      <td className={`right num ${run.replans === 0 ? 'zero' : ''}`} data-label="Replans">
        {number(run.replans)}
      </td>
      <td className={`right num ${run.toolsUsed.length === 0 ? 'zero' : ''}`} data-label="Tools">
        {number(run.toolsUsed.length)}
      </td>
      <td className="right" data-label="Started">
        <Ago at={run.acceptedAt} />
      </td>
      <td className="right" data-label="Took">
        <Lasted from={run.acceptedAt} to={run.endedAt} />
      </td>
    </tr>
  );
});

/** How many subgoals of the plan are done, and which version of the plan it is. */
function Subgoals({ run }: { readonly run: RunSummary }) {
  if (run.planVersion === 0) return <span className="quiet">{run.endedAt === null ? 'planning …' : 'no plan'}</span>;
  return (
    <>
      <Bar
        share={run.subgoalsDone / Math.max(1, run.subgoals)}
        tone={statusTone(run.status)}
        label={`${run.subgoalsDone} of ${count(run.subgoals, 'subgoal')} done`}
      />
      <span className="num">
        {run.subgoalsDone}/{run.subgoals}
      </span>
      {run.planVersion > 1 && (
        <span className="tag" title="Version of the plan">
          v{run.planVersion}
        </span>
      )}
    </>
  );
}

/** How many questions of the run wait for people. */
function Asks({ questions }: { readonly questions: number }) {
  const words = `${count(questions, 'question')} waiting for a person`;
  return (
    <span className="tag tone-ask asks" title={words}>
      <Icon name="asking" />
      <span className="num">{number(questions)}</span>
      <span className="unseen"> {words}</span>
    </span>
  );
}
