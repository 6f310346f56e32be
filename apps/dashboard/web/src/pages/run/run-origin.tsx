import type { ReactNode } from 'react';
import type { Goal } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { overrideWords, sharedSteps } from '../../model/run-words.js';
import { count } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { Text } from '../../ui/text.js';

/** Where a run comes from, where it was not just submitted: a fork, a roll back, or a schedule. */
export function RunOrigin({ model, goal }: { readonly model: RunModel; readonly goal: Goal }) {
  const { forked } = model;
  const schedule = goal.labels['schedule'];
  const otherwise = forked ? overrideWords(forked.overrides) : [];
  return (
    <>
      {forked && (
        <Line icon="fork">
          Forked from <RunLink id={forked.parent} /> after {count(sharedSteps(model), 'step')}
          {otherwise.length > 0 && (
            <>
              , with <Text value={otherwise.join(', ')} />
            </>
          )}
        </Line>
      )}
      {goal.undoes !== null && (
        <Line icon="undo">
          Takes back what <RunLink id={goal.undoes} /> did
        </Line>
      )}
      {schedule !== undefined && (
        <Line icon="clock">
          Submitted by the schedule <Text value={schedule} />
        </Line>
      )}
    </>
  );
}

function Line({ icon, children }: { readonly icon: IconName; readonly children: ReactNode }) {
  return (
    <p className="run-origin small">
      <Icon name={icon} /> <span>{children}</span>
    </p>
  );
}

function RunLink({ id }: { readonly id: string }) {
  return (
    <Link href={`/runs/${encodeURIComponent(id)}`}>
      <Text value={id} className="mono" />
    </Link>
  );
}
