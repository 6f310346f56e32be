import type { ExecutorState } from '../../../../src/api.js';
import { presenceOf } from '../../model/cluster-figures.js';
import { useNow } from '../../state/clock.js';
import { EmptyBox } from '../../ui/states.js';
import { ExecutorCard } from './executor-card.js';

const ORDER = { busy: 0, ready: 0, draining: 1, gone: 2 } as const;

/** Every executor that announced itself. */
export function ExecutorCards({ executors }: { readonly executors: readonly ExecutorState[] }) {
  const now = useNow();
  const sorted = [...executors].sort(
    (a, b) =>
      ORDER[presenceOf(a, now)] - ORDER[presenceOf(b, now)] || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  return (
    <section aria-label="Executors">
      <h2 className="section-head">Executors</h2>
      {executors.length === 0 ? (
        <EmptyBox head="No executor is here" command="npx praxis serve executor">
          Subgoals wait in their lanes until one comes.
        </EmptyBox>
      ) : (
        <ul className="executors">
          {sorted.map((executor) => (
            <ExecutorCard key={executor.name} executor={executor} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}
