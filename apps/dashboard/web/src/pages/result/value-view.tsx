import { useState } from 'react';
import type { Json } from '../../../../src/api.js';
import { jsonText, type Table, type ValueShape } from '../../model/value-shape.js';
import { number } from '../../model/words.js';
import { Choices } from '../../ui/choices.js';
import { Text } from '../../ui/text.js';
import { LinesView } from './lines-view.js';

const VIEWS = { table: 'Table', json: 'JSON' } as const;

/** A value as people read it. */
export function ValueView({ shape, value }: { readonly shape: ValueShape; readonly value: Json }) {
  const [view, setView] = useState<keyof typeof VIEWS>('table');
  switch (shape.kind) {
    case 'nothing':
      return null;
    case 'text':
      return <LinesView name="The value" text={shape.text} />;
    case 'json':
      return <LinesView name="The value" text={shape.text} className="mono" />;
    case 'preview':
      return (
        <>
          <LinesView name="The beginning of the value" text={shape.text} className="mono" />
          <p className="quiet small">
            The value is long; all of it is the file <Text value={shape.file.name} />.
          </p>
        </>
      );
    case 'table':
      return (
        <div className="result-value">
          <Choices name="How to show the value" value={view} options={VIEWS} onChange={setView} />
          {view === 'table' ? (
            <TableView table={shape.table} />
          ) : (
            <LinesView name="The value" text={jsonText(value)} className="mono" />
          )}
        </div>
      );
  }
}

function TableView({ table: { columns, rows, allRows, allColumns } }: { readonly table: Table }) {
  const left = [
    ...(allRows > rows.length ? [`${number(rows.length)} of ${number(allRows)} rows`] : []),
    ...(allColumns > columns.length ? [`${number(columns.length)} of ${number(allColumns)} columns`] : []),
  ];
  return (
    <>
      <div className="result-scroll" role="region" aria-label="The value as a table" tabIndex={0}>
        <table className="result-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  <Text value={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.map((cell, n) => (
                  <td key={n}>
                    <Text value={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left.length > 0 && <p className="quiet small">Shown: {left.join(', ')}.</p>}
    </>
  );
}
