import { readLiterals } from '../model/literals.js';
import { LongText, Text } from './text.js';

/** A condition as its parts; one of another shape as it is written. */
export function Condition({ value, most = 50 }: { readonly value: string; readonly most?: number }) {
  const literals = readLiterals(value);
  if (!literals) return <LongText value={value} className="mono" />;
  return (
    <span className="literals">
      {literals.slice(0, most).map(({ words, isNegated }, i) => (
        <span key={i} className="literal">
          {isNegated && <em>not </em>}
          <Text value={words} />
        </span>
      ))}
      {literals.length > most && <span className="quiet">+{literals.length - most} more</span>}
    </span>
  );
}
