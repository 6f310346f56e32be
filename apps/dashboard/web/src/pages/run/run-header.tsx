import type { ConstraintView, RunStatus, RunView } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { wantedOf } from '../../model/run-words.js';
import { factsLine } from '../../model/literals.js';
import { Link } from '../../route/link.js';
import { statusTone, StatusMark } from '../../ui/status.js';
import { LongText, Text } from '../../ui/text.js';
import { RunFigures } from './run-figures.js';
import { RunOrigin } from './run-origin.js';

export interface RunHeaderProps {
  readonly model: RunModel;
  readonly view: RunView;
  readonly status: RunStatus;
}

/** What the run is after, how it stands, and what it has cost. */
export function RunHeader(props: RunHeaderProps) {
  const { model, view, status } = props;
  const { goal } = view;
  const facts = factsLine(goal.condition || wantedOf(model));
  return (
    <header className="run-head">
      <p className="trail">
        <Link href="/">Runs</Link> <span aria-hidden="true">/</span> <Text value={view.summary.id} className="mono" />
      </p>
      <div className="run-title">
        <h1>
          <Text value={goal.title} />
        </h1>
        <StatusMark status={status} />
      </div>
      <RunOrigin model={model} goal={goal} />
      {goal.request !== '' && (
        <p className="run-goal">
          <span className="quiet">asked for</span> <Text value={goal.request.replace(/\s+/g, ' ')} />
        </p>
      )}
      {facts !== '' && (
        <p className="run-goal">
          <span className="quiet">{goal.request === '' ? 'wants' : 'understood as'}</span>{' '}
          <Text className="mono" value={facts} />
        </p>
      )}
      <Constraints
        constraints={model.constraints.length > 0 ? model.constraints : view.constraints}
        hasEnded={ENDED.has(status)}
      />
      <Reason {...props} />
      <RunFigures {...props} />
    </header>
  );
}

const VERDICTS: Readonly<Record<ConstraintView['verdict'], readonly [tone: string, words: string]>> = {
  pending: ['quiet', 'judged at the end'],
  kept: ['tone-good', 'kept'],
  broken: ['tone-bad', 'broken'],
  unchecked: ['tone-warn', 'not checked'],
};

const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

/** What the request says about how, and what came of it. */
function Constraints({
  constraints,
  hasEnded,
}: {
  readonly constraints: readonly ConstraintView[];
  readonly hasEnded: boolean;
}) {
  if (constraints.length === 0) return null;
  return (
    <ul className="run-constraints">
      {constraints.map(({ text, verdict, why }) => (
        <li key={text}>
          <Text value={text} />{' '}
          <span className={`tag ${VERDICTS[verdict][0]}`}>
            {verdict === 'pending' && hasEnded ? 'not judged: the goal was not reached' : VERDICTS[verdict][1]}
          </span>{' '}
          {why !== '' && <Text className="quiet" value={why} />}
        </li>
      ))}
    </ul>
  );
}

/** Why it ended as it did, or what holds it back; that it went well needs no reason. */
function Reason({ model, view, status }: RunHeaderProps) {
  // A constraint that was not checked is no plain success.
  if (status === 'done' && !model.constraints.some((c) => c.verdict === 'unchecked')) return null;
  const reason = model.ended?.reason ?? holdOf(model) ?? view.summary.reason;
  if (reason === '') return null;
  return (
    <p className={`run-reason tone-${statusTone(status)}`}>
      <LongText value={reason} />
    </p>
  );
}

function holdOf({ cancelling, paused, overtime }: RunModel): string | null {
  if (cancelling)
    return `${cancelling.outcome === 'failed' ? 'Being stopped' : 'Being cancelled'}: ${cancelling.reason}`;
  if (paused !== null) return `Paused: ${paused}`;
  return overtime ? 'The time that the budget allows is over.' : null;
}
