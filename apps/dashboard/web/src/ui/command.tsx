import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon.js';

const SHOWN_MS = 2_000;

/**
 * Something to type, with a button that copies it. Where the browser keeps us from its clipboard, it is selected
 * instead.
 */
export function Command({ value }: { readonly value: string }) {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid('Copied');
    } catch {
      // Outside of HTTPS and loopback there is no clipboard.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setSaid('Selected');
    }
  };
  return (
    <div className="to-type">
      <code ref={code}>{value}</code>
      <button type="button" className="button-quiet" onClick={() => void copy()} aria-label={`Copy: ${value}`}>
        <Icon name={said === '' ? 'copy' : 'done'} />
        {said === '' ? 'Copy' : said}
      </button>
      <span className="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
