import type { Tool } from '../../../../src/api.js';
import { ADMITTED_AT } from '../../model/tool-words.js';
import { eValue } from '../../model/words.js';

/** The bar goes beyond the threshold, so that one sees by how much it was passed. */
const FULL_AT = 100;

const place = (value: number): number => (value <= 1 ? 0 : Math.min(1, Math.log(value) / Math.log(FULL_AT)));

/** An e-value against the threshold that admits a tool, on the scale on which evidence multiplies. */
export function EvidenceBar({ evidence }: { readonly evidence: Tool['evidence'] }) {
  const isEnough = evidence.eValue >= ADMITTED_AT;
  const label = `e-value ${eValue(evidence.eValue)}; ${ADMITTED_AT} admits`;
  return (
    <span className="evidence" title={label}>
      <span className={`bar tone-${isEnough ? 'good' : 'idle'}`} role="img" aria-label={label}>
        <span className="bar-fill" style={{ width: `${place(evidence.eValue) * 100}%` }} />
        <span className="bar-mark" style={{ left: `${place(ADMITTED_AT) * 100}%` }} />
      </span>
      <span className="num">{eValue(evidence.eValue)}</span>
    </span>
  );
}
