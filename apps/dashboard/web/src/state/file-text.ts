import { useEffect, useState } from 'react';
import { askText, RequestFailed, type TextStart } from '../api/client.js';

/** More of a file is not shown. */
export const MOST_BYTES = 256 * 1024;

/** The beginning of a text, or why it did not come; both null while it is on its way. */
export interface FileText {
  readonly start: TextStart | null;
  readonly failure: RequestFailed | null;
}

/** Reads the beginning of a file. */
export function useFileText(path: string): FileText {
  const [read, setRead] = useState<FileText>({ start: null, failure: null });
  useEffect(() => {
    const stopping = new AbortController();
    askText(path, MOST_BYTES, stopping.signal).then(
      (start) => setRead({ start, failure: null }),
      (thrown: unknown) => {
        if (stopping.signal.aborted) return;
        setRead({
          start: null,
          failure: thrown instanceof RequestFailed ? thrown : new RequestFailed('bug', String(thrown)),
        });
      },
    );
    return () => stopping.abort();
  }, [path]);
  return read;
}
