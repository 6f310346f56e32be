import type { ReactNode } from 'react';
import type { Tool } from '../../../../src/api.js';
import { conditionLine } from '../../model/literals.js';
import { LongText } from '../../ui/text.js';

/** What a tool does, as the planner reads it. */
export function ToolBody({ body }: { readonly body: Tool['body'] }) {
  return (
    <section className="card">
      <h2>As the agents read it</h2>
      <dl className="facts">{linesOf(body)}</dl>
    </section>
  );
}

function linesOf(body: Tool['body']): ReactNode {
  switch (body.kind) {
    case 'hint':
      return <Line name={body.action} value={body.text} />;
    case 'guard':
      return (
        <>
          <Line name="Action" value={[body.action, ...body.parameters].join(' ')} />
          <Line name="Also needs" value={conditionLine(body.requires)} isAdded />
        </>
      );
    case 'macro':
      return (
        <>
          <Line name="Action" value={[body.action, ...body.parameters].join(' ')} />
          <Line name="Unless" value={conditionLine(body.unless)} />
          {body.first.map((step, i) => (
            <Line key={i} name="First do" value={[step.action, ...step.args].join(' ')} isAdded />
          ))}
        </>
      );
  }
}

function Line({
  name,
  value,
  isAdded = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly isAdded?: boolean;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isAdded ? 'diff-added' : ''}>
        <LongText className="mono" value={value} />
      </dd>
    </>
  );
}
