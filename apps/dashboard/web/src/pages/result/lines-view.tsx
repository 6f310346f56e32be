import { useState } from 'react';
import { cutLines } from '../../model/value-shape.js';
import { visibleText } from '../../model/visible-text.js';
import { count, size } from '../../model/words.js';

/** A text of many lines, which came from elsewhere; a long one is whole only when it is asked for. */
export function LinesView({
  name,
  text,
  className = '',
}: {
  readonly name: string;
  readonly text: string;
  readonly className?: string;
}) {
  const [isWhole, setIsWhole] = useState(false);
  const plain = text.replaceAll('\r\n', '\n');
  const { shown, isCut, lines } = cutLines(plain);
  return (
    <div className="result-value">
      <div className="result-scroll" role="region" aria-label={name} tabIndex={0}>
        <pre className={`result-text ${className}`}>
          <bdi>{visibleText(isWhole ? plain : shown)}</bdi>
        </pre>
      </div>
      {isCut && !isWhole && (
        <p className="small">
          <button type="button" className="button-link" onClick={() => setIsWhole(true)}>
            show all ({lines > 1 ? `${count(lines, 'line')}, ` : ''}
            {size(plain.length)})
          </button>
        </p>
      )}
    </div>
  );
}
