import { latestFailures, type Failure } from '../acting/failure.js';
import { mismatch, type Divergence, type Mismatch } from './divergence.js';
import { parseSubgoalId, planningStream, subgoalStream } from '../values/ids.js';
import type { StoredEvent } from '../journal/journal.js';
import type { RunHistory } from '../run/run-history.js';
import type { SubgoalHistory } from '../acting/run-steps.js';
import { fold } from '../run/fold-run.js';
import { nextPlanVersion, type Run } from '../run/run.js';
import { stepEvents, type OpenedEvent } from '../acting/step.js';

/**
 * Replay of what a subgoal's stream says of its run, pure: what it began with, what people answered, and why it was
 * stopped.
 */
export function replayAssignment(
  { events, state }: Pick<RunHistory, 'events' | 'state'>,
  { subgoal, events: stored }: SubgoalHistory,
): Divergence | null {
  const { node, attempt } = parseSubgoalId(subgoal)!;
  const from = events.findIndex((e) => e.type === 'dispatched' && e.node === node && e.attempt === attempt);
  const to = events.findIndex((e) => e.type === 'settled' && e.node === node && e.attempt === attempt);
  const meanwhile = events
    .slice(0, to === -1 ? events.length : to)
    .flatMap((_, i, all) => (i >= from ? [fold(all.slice(0, i + 1))!] : []));
  for (const [position, each] of stored.entries()) {
    const found = agree(each, {
      node,
      meanwhile,
      reasons: events.flatMap((e) => (e.type === 'cancelling' ? [e.reason] : [])),
      state,
    });
    if (found) return { stream: subgoalStream(subgoal), position, ...found };
  }
  return null;
}

/** Replay of what a planning's stream says of its run, pure: what it began with. */
export function replayOrder(
  { run, events }: Pick<RunHistory, 'run' | 'events'>,
  version: number,
  stored: readonly StoredEvent[],
): Divergence | null {
  const opened = stored[0] && stepEvents.decode(stored[0]);
  const meanwhile = events
    .flatMap((_, i) => fold(events.slice(0, i + 1)) ?? [])
    .filter((r) => nextPlanVersion(r) === version && r.opened !== null);
  const [state] = meanwhile;
  const stream = planningStream(run, version);
  if (!state || opened?.type !== 'opened')
    return { stream, position: 0, expected: 'a planning of the run', found: opened?.type ?? 'nothing' };
  const { strategy, condition, domain, owner, suggested } = opened;
  const fixed = {
    strategy: state.goal.strategy,
    condition: state.opened!.condition,
    domain: state.opened!.domainName,
    owner: null,
    suggested: [],
  };
  const found =
    mismatch('opened', fixed, { strategy, condition, domain, owner, suggested }) ?? avoided(meanwhile, opened.avoid);
  return found && { stream, position: 0, ...found };
}

interface Frame {
  readonly node: string;
  /** The run at each event while the subgoal was under way, from its dispatch on. */
  readonly meanwhile: readonly Run[];
  readonly reasons: readonly string[];
  readonly state: Run;
}

function agree(stored: StoredEvent, frame: Frame): Mismatch | null {
  const event = stepEvents.decode(stored);
  if (event.type === 'opened') return began(event, stored, frame);
  if (event.type === 'replied')
    return mismatch('replied.answer', frame.state.answers.get(event.question), event.answer);
  if (event.type === 'ended' && event.outcome === 'cancelled' && !frame.reasons.includes(event.reason))
    return { expected: 'no cancel', found: `cancelled: ${event.reason}` };
  return null;
}

/** The job was taken up at some time after the dispatch: what has several values by then has one of them. */
function began(event: OpenedEvent, { data }: StoredEvent, { node, meanwhile }: Frame): Mismatch | null {
  const [run] = meanwhile;
  const planned = run?.plan?.nodes.find((n) => n.id === node);
  if (!run || !planned) return { expected: 'a subgoal of the plan', found: 'opened' };
  const fixed = {
    strategy: run.goal.strategy,
    condition: planned.post,
    owner: planned.owner,
    suggested: planned.steps,
    domain: run.opened?.domainName,
  };
  const { strategy, condition, owner, suggested, domain } = event;
  const found = mismatch('opened', fixed, { strategy, condition, owner, suggested, domain });
  if (found) return found;
  const avoid = avoided(meanwhile, event.avoid);
  const heard = oneOf(
    'opened.heard',
    meanwhile.map((r) => r.heard),
    event.heard ?? [],
  );
  const isBounded = 'allowance' in (data as object);
  return (
    avoid ??
    heard ??
    (isBounded
      ? oneOf(
          'opened.allowance',
          meanwhile.map((r) => r.nodes.get(node)!.allowance),
          event.allowance,
        )
      : null)
  );
}

/** Older releases told equal failures as often as they had happened. */
const avoided = (meanwhile: readonly Run[], avoid: readonly Failure[]): Mismatch | null =>
  oneOf(
    'opened.avoid',
    meanwhile.map((r) => r.failures),
    latestFailures(avoid),
  );

function oneOf(what: string, choice: readonly unknown[], found: unknown): Mismatch | null {
  return choice.some((c) => mismatch(what, c, found) === null) ? null : mismatch(what, choice[0], found);
}
