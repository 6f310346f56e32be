import type { ReactNode } from 'react';
import type { RequestFailed } from '../api/client.js';
import { Icon } from './icon.js';
import { Message } from './message.js';

const HEADS: Readonly<Record<string, string>> = {
  offline: 'The dashboard does not answer',
  unavailable: 'The planner does not answer',
  missing: 'There is nothing here',
  timeout: 'That took too long',
  denied: 'You may not look at this',
};

/** Why there is nothing to see, and what to do about it. */
export function FailureBox({ failure, onRetry }: { readonly failure: RequestFailed; readonly onRetry?: () => void }) {
  return (
    <div className="box box-failure" role="alert">
      <Icon name="warning" />
      <div>
        <h2>{HEADS[failure.code] ?? 'That did not work'}</h2>
        <p>
          <Message value={failure.message} />
        </p>
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** Nothing here yet, and what to type to change that. */
export function EmptyBox({
  head,
  command,
  children,
}: {
  readonly head: string;
  readonly command?: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="box box-empty">
      <h2>{head}</h2>
      <div className="box-words">{children}</div>
      {command && <pre className="command">{command}</pre>}
    </div>
  );
}

/** Where something will be, while it is on its way. */
export function Skeleton({ rows, className = '' }: { readonly rows: number; readonly className?: string }) {
  return (
    <div className={`skeleton ${className}`} role="status">
      <span className="unseen">Loading …</span>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} className="skeleton-row" style={{ width: `${92 - ((i * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
