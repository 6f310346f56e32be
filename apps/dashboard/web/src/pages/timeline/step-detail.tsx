import { pinnedTools, type RunModel } from '../../model/run-model.js';
import type { StepEntry } from '../../model/timeline-entry.js';
import { actionKey, argumentText, chosenBy, EFFECT_WORDS } from '../../model/run-words.js';
import { Link } from '../../route/link.js';
import { Condition } from '../../ui/condition.js';
import { LongText, Text } from '../../ui/text.js';
import { ChangeList } from './change-list.js';
import { StepThoughts } from './step-thoughts.js';

/** A step in full: what was done and why, what came of it, and what it changed. */
export function StepDetail({ step, model }: { readonly step: StepEntry; readonly model: RunModel }) {
  const failure = step.code === null ? undefined : model.failures.find((f) => f.action === actionKey(step));
  return (
    <dl className="facts step-detail">
      <dt>Arguments</dt>
      <dd className="arguments">
        {Object.entries(step.args).map(([name, value]) => (
          <span key={name}>
            <span className="quiet">{name}</span> <LongText className="mono" value={argumentText(value)} />
          </span>
        ))}
      </dd>
      <dt>Why</dt>
      <dd>
        <Why step={step} model={model} />
      </dd>
      {step.message !== '' && (
        <>
          <dt>{step.code === null ? 'Answer' : 'Refused'}</dt>
          <dd className={step.code === null ? '' : 'tone-bad'}>
            <LongText value={step.message} /> {step.code !== null && <span className="line-code">{step.code}</span>}
          </dd>
        </>
      )}
      {failure && failure.facts.length > 0 && (
        <>
          <dt>True then</dt>
          <dd>
            <Condition value={failure.facts.join(' ')} />
          </dd>
        </>
      )}
      {step.change && (
        <>
          <dt>Changed</dt>
          <dd>
            <ChangeList change={step.change} />
          </dd>
        </>
      )}
      {step.origin === 'model' && (
        <StepThoughts subgoal={`${model.id}.${step.node}.${step.attempt}`} run={model.id} step={step.number - 1} />
      )}
      {step.taint.length > 0 && <Untrusted taint={step.taint} />}
      <dt>Effect</dt>
      <dd>{effectWords(step)}</dd>
      <dt>Who</dt>
      <dd>
        <Text value={step.by} />{' '}
        <span className="quiet">
          subgoal {step.node}, attempt {step.attempt}, step {step.number}
        </span>
      </dd>
    </dl>
  );
}

/** The reason that was given, and who chose. */
function Why({ step: { why, origin }, model }: { readonly step: StepEntry; readonly model: RunModel }) {
  const tools = pinnedTools(model);
  const { words, tool } = chosenBy(origin, tools);
  return (
    <>
      {why !== '' && (
        <>
          <LongText value={why.replace(/[.\s]+$/, '')} />,{' '}
        </>
      )}
      {tool === null ? words : <ToolName id={tool} title={tools.get(tool)?.title} />}
    </>
  );
}

function effectWords({ effect, endedAt }: StepEntry): string {
  if (effect !== null) return `${effect}: ${EFFECT_WORDS[effect]}`;
  return endedAt === null ? 'not tried yet' : 'not tried';
}

function Untrusted({ taint }: Pick<StepEntry, 'taint'>) {
  return (
    <>
      <dt>Untrusted</dt>
      <dd className="taint">
        <LongText value={`parts from ${taint.join(', ')}`} />
      </dd>
    </>
  );
}

function ToolName({ id, title }: { readonly id: string; readonly title: string | undefined }) {
  return (
    <>
      put in by the tool{' '}
      <Link href={`/tools/${encodeURIComponent(id)}`}>
        <Text value={title ?? id} />
      </Link>
    </>
  );
}
