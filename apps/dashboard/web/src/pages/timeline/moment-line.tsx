import type { MomentEntry } from '../../model/timeline-entry.js';
import { moment } from '../../model/words.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { Text } from '../../ui/text.js';

const MARKS: Readonly<Record<MomentEntry['tone'], IconName>> = {
  plain: 'dot',
  plan: 'plan',
  good: 'done',
  bad: 'failed',
  warn: 'warning',
  ask: 'asking',
};

/** Something that happened besides the steps. */
export function MomentLine({ entry, at }: { readonly entry: MomentEntry; readonly at: string }) {
  return (
    <div className={`line moment tone-${entry.tone}`}>
      <time className="num" title={moment(entry.at)}>
        {at}
      </time>
      <span className="line-node num">{entry.node}</span>
      <Icon name={MARKS[entry.tone]} />
      <span className="line-what">
        <span className="moment-text">{entry.text}</span> <Text value={entry.detail} className="quiet" />
      </span>
    </div>
  );
}
