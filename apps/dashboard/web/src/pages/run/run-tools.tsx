import { pinnedTools, type RunModel } from '../../model/run-model.js';
import { whatToolDoes } from '../../model/tool-words.js';
import { Link } from '../../route/link.js';
import { EmptyBox } from '../../ui/states.js';
import { LongText, Text } from '../../ui/text.js';

/** The tools that the run may use; those that it used come first. */
export function RunTools({ model }: { readonly model: RunModel }) {
  const used = new Set(model.toolsUsed);
  const tools = [...pinnedTools(model).values()].sort((a, b) => Number(used.has(b.id)) - Number(used.has(a.id)));
  if (tools.length === 0) {
    return (
      <EmptyBox head="No learned tools at hand">
        {model.goal?.archive.use === false
          ? 'The run was submitted with --no-archive.'
          : 'Nothing had been learned for this world when the run began. What it ran into is learned from for later runs.'}
      </EmptyBox>
    );
  }
  return (
    <ul className="run-tools">
      {tools.map((tool) => (
        <li key={tool.id}>
          <Link href={`/tools/${encodeURIComponent(tool.id)}`} data-row>
            <Text value={tool.title} />
          </Link>
          <span className={`tag ${used.has(tool.id) ? 'tag-accent' : ''}`}>
            {used.has(tool.id) ? 'used' : 'at hand'}
          </span>
          <p className="small quiet">
            <LongText value={whatToolDoes(tool)} />
          </p>
        </li>
      ))}
    </ul>
  );
}
