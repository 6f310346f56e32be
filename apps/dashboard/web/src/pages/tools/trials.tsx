import type { Tool } from '../../../../src/api.js';
import { ADMITTED_AT } from '../../model/tool-words.js';
import { count, eValue } from '../../model/words.js';
import { EvidenceBar } from './evidence-bar.js';

const MOST_PAIRS = 60;

/** What the paired trials showed. */
export function Trials({ evidence }: { readonly evidence: Tool['evidence'] }) {
  const { pairs, wins, losses } = evidence;
  const ties = Math.max(0, pairs - wins - losses);
  const squares = [...Array(wins).fill('won'), ...Array(losses).fill('lost'), ...Array(ties).fill('tied')].slice(
    0,
    MOST_PAIRS,
  ) as string[];
  return (
    <section className="card">
      <h2>Trials</h2>
      {pairs === 0 ? (
        <p className="quiet">Not tried yet.</p>
      ) : (
        <>
          <p className="pairs" role="img" aria-label={`${wins} won, ${losses} lost, ${ties} without a difference`}>
            {squares.map((outcome, i) => (
              <span key={i} className={`pair pair-${outcome}`} />
            ))}
          </p>
          <p>
            <strong className="won num">{wins} won</strong>,{' '}
            <strong className={losses > 0 ? 'lost num' : 'num'}>{losses} lost</strong>
            {ties > 0 && <>, {ties} without a difference</>}, of {count(pairs, 'pair')} with the same seed, once with
            the tool and once without.
          </p>
        </>
      )}
      <div className="evidence-wide">
        <EvidenceBar evidence={evidence} />
      </div>
      <p className="quiet small">
        The e-value is the evidence against “the tool does nothing”: {eValue(evidence.eValue)} now, {ADMITTED_AT} admits
        it (the mark), whenever one stops looking.
      </p>
    </section>
  );
}
