import { isAbsolute, relative, sep } from 'node:path';
import type { WatchedEvent } from '@praxis/wire';
import { eventLine } from '../view/event-line.js';
import type { RunModel } from '../view/run-model.js';
import { count, duration, visible } from '../view/words.js';
import type { WorkResult } from './play-work.js';

/** Events of a run that the headline and the summary say. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['accepted', 'planned', 'ended']);

/** An event of the playbook's run as a line: each step when it has ended, and what the run waits for. */
export function progressLine(model: RunModel, watched: WatchedEvent): string | null {
  if (watched.kind === 'run') {
    const { event } = watched;
    if (SAID_ELSEWHERE.has(event.type)) return null;
    if (event.type === 'settled') {
      const title = model.run?.plan?.nodes.find(({ id }) => id === event.node)?.title ?? event.node;
      return visible(event.outcome === 'done' ? `  ✓ ${title}` : `  ✗ ${title}: ${event.reason}`);
    }
  }
  const line = eventLine(model.name, watched, false);
  return line === null ? null : `  ${line}`;
}

/** What came of the playbook: its result, how long it took, and where its files are. */
export function workLines({ summary, result, files, problem }: WorkResult, cwd: string): readonly string[] {
  const { title, status, acceptedAt, endedAt } = summary;
  const time = duration((endedAt ?? acceptedAt) - acceptedAt);
  const size = result === null ? '' : `, ${count(result.rows, 'row')}, ${count(result.columns, 'column')}`;
  return [
    `${title}: ${status} in ${time}${size}`,
    ...(files === null
      ? []
      : [`  report  ${shortPath(files.report, cwd)}`, `  chart   ${shortPath(files.chart, cwd)}`]),
    ...(problem === null ? [] : [`  ${problem}`]),
  ].map(visible);
}

/** A path below the working folder as it is typed there; any other as it is. */
function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}
