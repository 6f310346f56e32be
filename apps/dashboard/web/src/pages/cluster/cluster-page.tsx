import { newsStore } from '../../state/news.js';
import { useStore } from '../../state/store.js';
import { Skeleton } from '../../ui/states.js';
import { ExecutorCards } from './executor-cards.js';
import { QueueTable } from './queue-table.js';

/** Who works here, and what waits to be worked on. */
export function ClusterPage() {
  const { overview } = useStore(newsStore);
  return (
    <>
      <header className="page-head">
        <h1>Cluster</h1>
        <p className="quiet">
          Executors take subgoals from the lanes they serve. A job is only a hint: what holds is the journal, so an
          executor may go at any moment.
        </p>
        <p className="page-links">
          <a className="button" href="/queues">
            Job board
          </a>
          <a className="button" href="/metrics">
            Metrics
          </a>
        </p>
      </header>
      {overview ? (
        <>
          <ExecutorCards executors={overview.executors} />
          <QueueTable queues={overview.queues} backend={overview.backend} />
        </>
      ) : (
        <Skeleton rows={8} />
      )}
    </>
  );
}
