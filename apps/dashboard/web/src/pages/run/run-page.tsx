import { useEffect, useState } from 'react';
import type { RunView } from '../../../../src/api.js';
import { resultOf, runStatus, tabTitle } from '../../model/run-words.js';
import { go, useAddress } from '../../route/route.js';
import { useAnswer } from '../../state/answer.js';
import { useRunStream } from '../../state/run-stream.js';
import { FailureBox, Skeleton } from '../../ui/states.js';
import { RunResult } from '../result/run-result.js';
import { Timeline } from '../timeline/timeline.js';
import { PlanPane } from './plan-pane.js';
import { RunHeader } from './run-header.js';
import { RunQuestions } from './run-questions.js';

/** One run: how it stands, its plan, and everything that was done. */
export function RunPage({ id }: { readonly id: string }) {
  const { data: view, failure, reload } = useAnswer<RunView>(`/api/runs/${encodeURIComponent(id)}`);
  if (view) return <KnownRun view={view} />;
  return (
    <>
      <h1 className="unseen">Run</h1>
      {failure ? <FailureBox failure={failure} onRetry={reload} /> : <Skeleton rows={12} />}
    </>
  );
}

function KnownRun({ view }: { readonly view: RunView }) {
  const { id, title, endedAt } = view.summary;
  const { model, state } = useRunStream(id);
  const [version, setVersion] = useState<number | null>(null);
  const node = useAddress().searchParams.get('node');
  const select = (next: string | null): void =>
    go(
      `/runs/${encodeURIComponent(id)}${next === null || next === node ? '' : `?node=${encodeURIComponent(next)}`}`,
      true,
    );
  useEffect(() => {
    document.title = `${tabTitle(title)} · Praxis`;
  }, [title]);
  const status = runStatus(model, view.summary);
  const result = resultOf(model, view);
  return (
    <>
      <RunHeader model={model} view={view} status={status} />
      <RunQuestions model={model} />
      {result !== null && <RunResult run={id} result={result} />}
      <div className="panes">
        <PlanPane
          model={model}
          status={status}
          summary={view.summary}
          version={version}
          setVersion={setVersion}
          selected={node}
          select={select}
        />
        <Timeline model={model} state={state} isOver={endedAt !== null} selected={node} select={select} />
      </div>
      <p className="unseen" aria-live="polite">
        {model.ended ? `The run is ${model.ended.outcome}.` : ''}
      </p>
    </>
  );
}
