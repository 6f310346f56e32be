import { useMemo } from 'react';
import type { Output } from '../../../../src/api.js';
import { filesOf } from '../../model/artifacts.js';
import { shapeOf } from '../../model/value-shape.js';
import { count } from '../../model/words.js';
import { FileList } from './file-list.js';
import { Taint } from './taint.js';
import { ValueView } from './value-view.js';

/** What the run gave: its value, where parts of it come from, and its files. */
export function RunResult({ run, result }: { readonly run: string; readonly result: Output }) {
  const shape = useMemo(() => shapeOf(result.value), [result]);
  const files = useMemo(() => filesOf(result), [result]);
  if (shape.kind === 'nothing' && files.length === 0) return null;
  return (
    <section className="pane run-result" aria-label="Result">
      <header className="pane-head">
        <h2>Result</h2>
        {files.length > 0 && <span className="quiet small">{count(files.length, 'file')}</span>}
        <Taint taint={result.taint} />
      </header>
      <div className="result-body">
        <ValueView shape={shape} value={result.value} />
        {files.length > 0 && <FileList run={run} files={files} />}
      </div>
    </section>
  );
}
