import { useEffect } from 'react';
import type { Tool } from '../../../../src/api.js';
import { KIND_WORDS, TRUST_WORDS, whatToolDoes } from '../../model/tool-words.js';
import { tabTitle } from '../../model/run-words.js';
import { Link } from '../../route/link.js';
import { useAnswer } from '../../state/answer.js';
import { Ago } from '../../ui/moment.js';
import { FailureBox, Skeleton } from '../../ui/states.js';
import { LongText, Text } from '../../ui/text.js';
import { LearnedFrom } from './learned-from.js';
import { ToolBody } from './tool-body.js';
import { Trials } from './trials.js';

/** One tool: what it does, what it was learned from, and what its trials showed. */
export function ToolPage({ id }: { readonly id: string }) {
  const { data: tool, failure, reload } = useAnswer<Tool>(`/api/tools/${encodeURIComponent(id)}`);
  useEffect(() => {
    if (tool) document.title = `${tabTitle(tool.title)} · Praxis`;
  }, [tool]);
  if (!tool) {
    return (
      <>
        <h1 className="unseen">Tool</h1>
        {failure ? <FailureBox failure={failure} onRetry={reload} /> : <Skeleton rows={8} />}
      </>
    );
  }
  return (
    <article className="tool">
      <header className="run-head">
        <p className="trail">
          <Link href="/tools">Tools</Link> <span aria-hidden="true">/</span> <Text value={tool.id} className="mono" />
        </p>
        <div className="run-title">
          <h1>
            <Text value={tool.title} />
          </h1>
          <span className={`trust trust-${tool.trust}`}>{tool.trust}</span>
        </div>
        <p className="tool-words">
          <LongText value={whatToolDoes(tool)} />
        </p>
        <p className="quiet small">
          A {tool.body.kind}: {KIND_WORDS[tool.body.kind]}. It is {tool.trust}: {TRUST_WORDS[tool.trust]}. Learned{' '}
          <Ago at={tool.createdAt} /> in the world <Text value={tool.domain} />, kept in the space{' '}
          <Text value={tool.space} />.
        </p>
      </header>
      <div className="tool-grid">
        <Trials evidence={tool.evidence} />
        <ToolBody body={tool.body} />
        <LearnedFrom evidence={tool.evidence} />
      </div>
    </article>
  );
}
