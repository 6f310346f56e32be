import type { OpenQuestion, QuestionKind } from '../../../../src/api.js';
import { KIND_WORDS, KINDS } from '../../model/question-words.js';
import { count } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { questionsStore, reloadQuestions } from '../../state/questions.js';
import { useStore } from '../../state/store.js';
import { EmptyBox, FailureBox, Skeleton } from '../../ui/states.js';
import { QuestionCard } from './question-card.js';

/** What waits for people, in all runs. This page only shows; the command line answers. */
export function QuestionsPage({ query }: { readonly query: URLSearchParams }) {
  const { open, failure } = useStore(questionsStore);
  const kind = KINDS.find((k) => k === query.get('kind')) ?? null;
  return (
    <>
      <header className="page-head">
        <h1>Questions</h1>
        <p className="quiet">
          What waits for a person. Whoever asked holds nothing meanwhile and goes on as soon as somebody answers, in a
          terminal: copy a command. <code>praxis approvals</code> lists the same.
        </p>
      </header>
      <p className="unseen" aria-live="polite">
        {open && `${count(open.length, 'question')} open`}
      </p>
      {failure && <FailureBox failure={failure} onRetry={reloadQuestions} />}
      {open ? <Inbox open={open} kind={kind} /> : !failure && <Skeleton rows={6} />}
    </>
  );
}

function Inbox({ open, kind }: { readonly open: readonly OpenQuestion[]; readonly kind: QuestionKind | null }) {
  const shown = open.filter((asked) => kind === null || asked.question.kind === kind);
  return (
    <>
      {open.length > 0 && <KindTabs kind={kind} kinds={open.map((asked) => asked.question.kind)} />}
      {shown.length === 0 && (
        <EmptyBox head={kind === null ? 'Nothing waits for a person' : 'Nothing of this kind waits'}>
          {kind === null ? (
            <p>Runs ask where an approval rule says so, where a budget is spent, and where a crash left a doubt.</p>
          ) : (
            <Link href="/questions">Show all questions</Link>
          )}
        </EmptyBox>
      )}
      <ol className="questions">
        {shown.map((asked) => (
          // A fork may wait for the same answer as the run it comes from.
          <QuestionCard key={`${asked.run} ${asked.question.id}`} asked={asked} showsRun />
        ))}
      </ol>
    </>
  );
}

function KindTabs({ kind, kinds }: { readonly kind: QuestionKind | null; readonly kinds: readonly QuestionKind[] }) {
  return (
    <nav className="tabs" aria-label="Questions by kind">
      <Link href="/questions" aria-current={kind === null ? 'true' : undefined}>
        All <span className="num quiet">{kinds.length}</span>
      </Link>
      {KINDS.map((one) => (
        <Link key={one} href={`/questions?kind=${one}`} aria-current={kind === one ? 'true' : undefined}>
          {KIND_WORDS[one].name} <span className="num quiet">{kinds.filter((k) => k === one).length}</span>
        </Link>
      ))}
    </nav>
  );
}
