import type { NodeStatus, RunStatus } from '../../../src/api.js';
import type { StepEntry } from '../model/timeline-entry.js';
import { Icon, type IconName } from './icon.js';

type Status = RunStatus | NodeStatus | StepEntry['outcome'];

const LOOKS: Readonly<Record<Status, { readonly icon: IconName; readonly tone: string; readonly word: string }>> = {
  waiting: { icon: 'waiting', tone: 'idle', word: 'Waiting' },
  pending: { icon: 'waiting', tone: 'idle', word: 'Pending' },
  running: { icon: 'running', tone: 'busy', word: 'Running' },
  paused: { icon: 'paused', tone: 'warn', word: 'Paused' },
  asking: { icon: 'asking', tone: 'ask', word: 'Waits for a person' },
  dispatched: { icon: 'running', tone: 'busy', word: 'Under way' },
  done: { icon: 'done', tone: 'good', word: 'Done' },
  failed: { icon: 'failed', tone: 'bad', word: 'Failed' },
  cancelled: { icon: 'cancelled', tone: 'warn', word: 'Cancelled' },
  unknown: { icon: 'unknown', tone: 'warn', word: 'Unknown' },
};

/** The word for a status. */
export const statusWord = (status: Status): string => LOOKS[status].word;

/** The colour's name for a status. */
export const statusTone = (status: Status): string => LOOKS[status].tone;

/** How something stands: by colour, by shape and by word. */
export function StatusMark({ status, word = true }: { readonly status: Status; readonly word?: boolean }) {
  const look = LOOKS[status];
  return (
    <span className={`status tone-${look.tone}`} title={word ? undefined : look.word}>
      <Icon name={look.icon} />
      <span className={word ? '' : 'unseen'}>{look.word}</span>
    </span>
  );
}
