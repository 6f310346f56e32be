import { Suspense, useMemo } from 'react';
import { openQuestions } from '../../model/questions.js';
import type { RunModel } from '../../model/run-model.js';
import { count } from '../../model/words.js';
import { part } from '../../ui/part.js';
import { Skeleton } from '../../ui/states.js';

const QuestionCard = part(async () => (await import('../questions/question-card.js')).QuestionCard);

/** What the run asks of people, above everything else: it waits for that. */
export function RunQuestions({ model }: { readonly model: RunModel }) {
  const open = useMemo(() => openQuestions(model), [model]);
  return (
    <>
      <p className="unseen" aria-live="polite">
        {open.length > 0 && `The run waits for ${count(open.length, 'answer')}.`}
      </p>
      {open.length > 0 && (
        <section className="run-questions" aria-label="Questions of this run">
          <Suspense fallback={<Skeleton rows={2} />}>
            <ol className="questions">
              {open.map((asked) => (
                <QuestionCard key={asked.question.id} asked={asked} showsRun={false} />
              ))}
            </ol>
          </Suspense>
        </section>
      )}
    </>
  );
}
