import type { Explanation } from '../../../../src/api.js';
import { number } from '../../model/words.js';
import { useAnswer } from '../../state/answer.js';
import { LongText, Text } from '../../ui/text.js';

type Thought = Explanation['thoughts'][number];
type ModelCallRecord = NonNullable<Thought['record']>;

/** What models were asked for a step, where, and what they answered; asked for when somebody opens the step. */
export function StepThoughts({
  run,
  subgoal,
  step,
}: {
  readonly run: string;
  readonly subgoal: string;
  readonly step: number;
}) {
  const { data, failure } = useAnswer<Explanation>(
    `/api/runs/${encodeURIComponent(run)}/why?subgoal=${encodeURIComponent(subgoal)}&step=${step}`,
  );
  return (
    <>
      <dt>Model</dt>
      <dd>
        {failure && <span className="quiet">{failure.message}</span>}
        {!data && !failure && <span className="quiet">…</span>}
        {data?.thoughts
          .filter((t) => t.record !== null || t.gone !== '')
          .map((thought) => (
            <ThoughtView key={thought.id} thought={thought} />
          ))}
      </dd>
    </>
  );
}

function ThoughtView({ thought: { record, gone } }: { readonly thought: Thought }) {
  if (record === null) return <p className="quiet">{gone}</p>;
  return (
    <div className="thought">
      {record.samples.map((sample, i) => (
        <Sample key={i} sample={sample} role={record.role} />
      ))}
      {record.messages.length > 0 && <Prompt record={record} />}
    </div>
  );
}

function Sample({
  sample: { model, node, answer, problem },
  role,
}: {
  readonly sample: ModelCallRecord['samples'][number];
  readonly role: string;
}) {
  return (
    <div>
      <Text value={`${model} on ${node}`} />{' '}
      <span className="quiet">
        as {role}
        {answer === null
          ? ''
          : `, ${number(answer.usage.input)} tokens in (${number(answer.usage.cached)} cached), ${number(answer.usage.output)} out`}
      </span>
      <p>
        {answer === null ? (
          <LongText className="tone-bad" value={problem} />
        ) : (
          <LongText className="mono pre" value={answer.text.text} />
        )}
      </p>
    </div>
  );
}

function Prompt({ record: { prompt, messages } }: { readonly record: ModelCallRecord }) {
  return (
    <details>
      <summary>
        The prompt <Text value={prompt.name} />
      </summary>
      {messages.map(({ role, content }, i) => (
        <p key={i}>
          <span className="quiet">{role}</span> <LongText className="mono pre" value={content.text} />
          {content.leftOut > 0 && <span className="quiet"> {number(content.leftOut)} characters more</span>}
        </p>
      ))}
    </details>
  );
}
