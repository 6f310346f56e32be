import type { Tool } from '../../../../src/api.js';
import { whatToolDoes } from '../../model/tool-words.js';
import { Link } from '../../route/link.js';
import { Ago } from '../../ui/moment.js';
import { Text } from '../../ui/text.js';
import { EvidenceBar } from './evidence-bar.js';

/** Tools with their evidence, latest first. */
export function ToolsTable({ tools }: { readonly tools: readonly Tool[] }) {
  return (
    <div className="table-box">
      <table className="table tools-table">
        <thead>
          <tr>
            <th scope="col">Trust</th>
            <th scope="col">Tool</th>
            <th scope="col">Kind</th>
            <th scope="col">World</th>
            <th scope="col" className="right">
              Trials
            </th>
            <th scope="col">Evidence</th>
            <th scope="col" className="right">
              Learned
            </th>
          </tr>
        </thead>
        <tbody>
          {tools.map((tool) => (
            <tr key={tool.id}>
              <td className="cell-status">
                <span className={`trust trust-${tool.trust}`}>{tool.trust}</span>
              </td>
              <td className="cell-title">
                <Link href={`/tools/${encodeURIComponent(tool.id)}`} data-row className="row-link">
                  <Text value={tool.title} />
                </Link>
                <Text className="quiet small" value={whatToolDoes(tool)} />
              </td>
              <td data-label="Kind">{tool.body.kind}</td>
              <td data-label="World">
                <Text value={tool.domain} />
                <Text className="quiet small" value={tool.space} />
              </td>
              <td className="right num" data-label="Trials">
                <span title={`${tool.evidence.wins} won, ${tool.evidence.losses} lost of ${tool.evidence.pairs} pairs`}>
                  <span className="won">{tool.evidence.wins}</span>
                  <span className="quiet"> : </span>
                  <span className={tool.evidence.losses > 0 ? 'lost' : 'quiet'}>{tool.evidence.losses}</span>
                </span>
              </td>
              <td data-label="Evidence">
                <EvidenceBar evidence={tool.evidence} />
              </td>
              <td className="right" data-label="Learned">
                <Ago at={tool.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
