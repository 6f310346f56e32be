import { taintWords } from '../../model/value-shape.js';
import { Icon } from '../../ui/icon.js';
import { LongText } from '../../ui/text.js';

/** Who outside of Praxis wrote parts of a value. */
export function Taint({ taint }: { readonly taint: readonly string[] }) {
  const words = taintWords(taint);
  if (words === null) return null;
  return (
    <p className="taint small">
      <Icon name="warning" /> <LongText value={words} />
    </p>
  );
}
