import type { Goal } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { budgetWords, ruleText } from '../../model/goal-words.js';
import { duration } from '../../model/words.js';
import { Condition } from '../../ui/condition.js';
import { LongText, Text } from '../../ui/text.js';
import { GoalGiven } from './goal-given.js';

/** What was asked for, and what the run began with. */
export function GoalView({ model: { id, goal, opened } }: { readonly model: RunModel }) {
  if (!goal) return null;
  const labels = Object.entries(goal.labels);
  return (
    <dl className="facts facts-page">
      <dt>Title</dt>
      <dd>
        <LongText value={goal.title} />
      </dd>
      <dt>Condition</dt>
      <dd>
        <Condition value={goal.condition || opened?.condition || ''} />
      </dd>
      <GoalGiven run={id} goal={goal} opened={opened} />
      {opened && opened.agents.length > 0 && (
        <>
          <dt>Agents</dt>
          <dd>
            <Text value={opened.agents.join(', ')} />
          </dd>
        </>
      )}
      <dt>Budget</dt>
      <dd>{budgetWords(goal)}</dd>
      {boundRows(goal, opened).map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
      <dt>Archive</dt>
      <dd>
        space <Text value={goal.archive.space} />, {goal.archive.use ? 'uses' : 'does not use'} learned tools,{' '}
        {goal.archive.learn ? 'may be learned from' : 'is not learned from'}
      </dd>
      <dt>Seed</dt>
      <dd>
        <Text value={goal.seed} />
      </dd>
      {labels.map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
      {opened && (
        <>
          <dt>Domain</dt>
          <dd>
            <LongText className="mono pre" value={opened.domain} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** What holds the run in, besides its budget. */
function boundRows(
  { deadlineMs, approvals, tenant }: Goal,
  opened: RunModel['opened'],
): readonly (readonly [string, string])[] {
  // What the deployment says comes first; a goal can only tighten it.
  const rules = [...(opened?.approvals ?? []), ...approvals].map(ruleText);
  return [
    ...(deadlineMs === null ? [] : [['Deadline', `${duration(deadlineMs)} after it was accepted`] as const]),
    ...(rules.length === 0 ? [] : [['Rules', rules.join('; ')] as const]),
    ...(tenant === '' ? [] : [['Tenant', tenant] as const]),
  ];
}

function FactRow({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>
        <Text value={name} />
      </dt>
      <dd>
        <LongText value={value} />
      </dd>
    </>
  );
}
