import { pinnedTools, type RunModel } from '../../model/run-model.js';
import type { StepEntry } from '../../model/timeline-entry.js';
import { actionWords, chosenBy } from '../../model/run-words.js';
import { duration, moment } from '../../model/words.js';
import { StatusMark } from '../../ui/status.js';
import { Text } from '../../ui/text.js';

interface StepLineProps {
  readonly entry: StepEntry;
  readonly model: RunModel;
  readonly at: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One step in one line. */
export function StepLine({ entry, model, at, isOpen, onToggle }: StepLineProps) {
  const { tool } = chosenBy(entry.origin, pinnedTools(model));
  return (
    <button
      type="button"
      className={`line step step-${entry.outcome}`}
      data-row
      aria-expanded={isOpen}
      onClick={onToggle}
    >
      <time className="num" title={moment(entry.at)}>
        {at}
      </time>
      <span className="line-node num">{entry.node}</span>
      <StatusMark status={entry.outcome} word={false} />
      <span className="line-what">
        <Text className="mono" value={actionWords(entry.skill, entry.args)} />
        {entry.code !== null && <span className="line-code">{entry.code}</span>}
        {tool !== null && <span className="tag tag-accent">tool</span>}
        {entry.origin === 'model' && <span className="tag">model</span>}
      </span>
      <span className={`effect effect-${entry.effect ?? 'none'}`}>{entry.effect ?? ''}</span>
      <span className="line-took num">{entry.endedAt === null ? '' : duration(entry.endedAt - entry.at)}</span>
    </button>
  );
}
