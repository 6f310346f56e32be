import type { RunModel } from '../../model/run-model.js';
import { number } from '../../model/words.js';
import { Condition } from '../../ui/condition.js';
import { LongText, Text } from '../../ui/text.js';

/** What was asked for, and what the run began with. */
export function GoalView({ model: { goal, opened } }: { readonly model: RunModel }) {
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
      {opened && opened.agents.length > 0 && (
        <>
          <dt>Agents</dt>
          <dd>
            <Text value={opened.agents.join(', ')} />
          </dd>
        </>
      )}
      <dt>Budget</dt>
      <dd>
        {number(goal.budget.steps)} steps, {number(goal.budget.replans)} replans, {number(goal.budget.evaluated)} states per search
      </dd>
      <dt>Archive</dt>
      <dd>
        space <Text value={goal.archive.space} />, {goal.archive.use ? 'uses' : 'does not use'} learned tools, {goal.archive.learn ? 'may be learned from' : 'is not learned from'}
      </dd>
      <dt>Seed</dt>
      <dd>
        <Text value={goal.seed} />
      </dd>
      {labels.map(([name, value]) => (
        <FragmentRow key={name} name={name} value={value} />
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

function FragmentRow({ name, value }: { readonly name: string; readonly value: string }) {
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
