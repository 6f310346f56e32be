import type { OpenQuestion } from '../../../../src/api.js';
import { costText } from '../../model/cost.js';
import { answersTo, KIND_WORDS, shortPrint } from '../../model/question-words.js';
import { actionWords, EFFECT_WORDS } from '../../model/run-words.js';
import { runOfSubgoal } from '../../model/tool-words.js';
import { count } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { Command } from '../../ui/command.js';
import { Icon } from '../../ui/icon.js';
import { Ago, Until } from '../../ui/moment.js';
import { LongText, Text } from '../../ui/text.js';

interface QuestionCardProps {
  readonly asked: OpenQuestion;
  /** Also whose question it is, where that is not clear from around it. */
  readonly showsRun: boolean;
}

/** A question that waits for a person: what is asked, what it is about, and what to type. */
export function QuestionCard({ asked, showsRun }: QuestionCardProps) {
  const { run, title, subgoal, question, askedAt, reminders } = asked;
  const node = subgoal === null ? null : runOfSubgoal(subgoal).node;
  const runHref = `/runs/${encodeURIComponent(run)}`;
  return (
    <li className="card question" data-question={question.id}>
      <header>
        <span className="tag tone-ask">
          <Icon name="asking" /> {KIND_WORDS[question.kind].name}
        </span>
        {showsRun && (
          <Link href={runHref} data-row className="question-run">
            <Text value={title || run} />
          </Link>
        )}
        {node !== null && (
          <Link
            href={`${runHref}?node=${encodeURIComponent(node)}`}
            className="chip num"
            aria-label={`Subgoal ${node}`}
          >
            {node}
          </Link>
        )}
        <span className="question-times small quiet">
          <Icon name="clock" />
          <span>
            <Ago at={askedAt} />
            {question.expiresAt !== null && (
              <>
                , expires <Until at={question.expiresAt} past="now" />
              </>
            )}
            {reminders > 0 && `, ${count(reminders, 'reminder')}`}
          </span>
        </span>
      </header>
      <p className="question-text">
        <LongText value={question.text} />
      </p>
      <About asked={asked} />
      <Answers asked={asked} />
    </li>
  );
}

function About({ asked: { question } }: { readonly asked: OpenQuestion }) {
  const { action, effect, taint, needs, fingerprint } = question;
  return (
    <dl className="facts">
      {action !== null && (
        <>
          <dt>Action</dt>
          <dd>
            <LongText className="mono" value={actionWords(action.skill, action.args)} />{' '}
            {effect !== null && (
              <span className={`effect effect-${effect}`} title={EFFECT_WORDS[effect]}>
                {effect}
              </span>
            )}
          </dd>
        </>
      )}
      {taint.length > 0 && (
        <>
          <dt>Untrusted</dt>
          <dd className="tone-warn taint">
            <Icon name="warning" /> <LongText value={`parts from ${taint.join(', ')}`} />
          </dd>
        </>
      )}
      {needs !== null && (
        <>
          <dt>Needs</dt>
          <dd>{costText(needs) === 'nothing' ? 'more time' : `${costText(needs)} more`}</dd>
        </>
      )}
      {fingerprint !== null && (
        <>
          <dt>Bound to</dt>
          <dd>
            <span
              className="mono"
              title={`Fingerprint ${fingerprint}: the answer holds for these arguments, and for what is true of them now`}
            >
              {shortPrint(fingerprint)}
            </span>
          </dd>
        </>
      )}
    </dl>
  );
}

function Answers({ asked: { question } }: { readonly asked: OpenQuestion }) {
  const [first, ...others] = answersTo(question);
  return (
    <div className="answers">
      <Command value={first!} />
      {others.length > 0 && (
        <details>
          <summary className="small">{others.length === 1 ? 'The other answer' : 'Other answers'}</summary>
          {others.map((command) => (
            <Command key={command} value={command} />
          ))}
        </details>
      )}
    </div>
  );
}
