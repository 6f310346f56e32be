import type { Tool } from '../../../../src/api.js';
import { chooseTools, readToolQuery } from '../../model/tool-query.js';
import { useAnswer } from '../../state/answer.js';
import { EmptyBox, FailureBox, Skeleton } from '../../ui/states.js';
import { ToolFilters } from './tool-filters.js';
import { ToolsTable } from './tools-table.js';

/** The archive: what was learned, and why it is believed. */
export function ToolsPage({ query: params }: { readonly query: URLSearchParams }) {
  const { data: tools, failure, reload } = useAnswer<readonly Tool[]>('/api/tools');
  return (
    <>
      <header className="page-head">
        <h1>Tools</h1>
        <p className="quiet">
          What the reflector learned from refused actions. A tool is used only after it has won paired trials in clones
          of the very states in which an action was refused.
        </p>
      </header>
      {failure && <FailureBox failure={failure} onRetry={reload} />}
      {tools ? <Archive tools={tools} params={params} /> : !failure && <Skeleton rows={8} className="skeleton-table" />}
    </>
  );
}

function Archive({ tools, params }: { readonly tools: readonly Tool[]; readonly params: URLSearchParams }) {
  if (tools.length === 0) {
    return (
      <EmptyBox head="Nothing was learned yet" command="npx praxis demo">
        <p>
          Tools come from runs in which actions are refused: the reflector contrasts them with those that went well. The
          demo shows it within a minute.
        </p>
      </EmptyBox>
    );
  }
  const query = readToolQuery(params);
  const rows = chooseTools(tools, query);
  return (
    <>
      <ToolFilters tools={tools} query={query} />
      {rows.length === 0 ? (
        <EmptyBox head="No tool fits">Choose another trust or space.</EmptyBox>
      ) : (
        <ToolsTable tools={rows} />
      )}
    </>
  );
}
