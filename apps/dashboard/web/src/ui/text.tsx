import { useState } from 'react';
import { size } from '../model/words.js';
import { visibleText } from '../model/visible-text.js';

const TITLE_LENGTH = 300;

/** Text that came from elsewhere, in one line: isolated, cut by an ellipsis, whole in its title. */
export function Text({ value, className = '' }: { readonly value: string; readonly className?: string }) {
  const shown = visibleText(value.slice(0, TITLE_LENGTH));
  return (
    <bdi className={`text ${className}`} title={shown}>
      {shown}
    </bdi>
  );
}

/** So much of a long text is shown before somebody asks for the rest. */
const CUT_AT = 800;

/** Text that came from elsewhere, in full: wrapped anywhere, and a very long one only when it is asked for. */
export function LongText({ value, className = '' }: { readonly value: string; readonly className?: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const isCut = value.length > CUT_AT && !isWhole;
  return (
    <span className={`long-text ${className}`}>
      <bdi>{visibleText(isCut ? value.slice(0, CUT_AT) : value)}</bdi>
      {isCut && (
        <>
          {'… '}
          <button type="button" className="button-link" onClick={() => setIsWhole(true)}>
            show all ({size(value.length)})
          </button>
        </>
      )}
    </span>
  );
}
