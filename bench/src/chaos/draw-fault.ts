import { FAULT_POINTS, keyedChoice, keyedRandom, type FaultPlan, type FaultPointName } from '@praxis/core';
import type { Trouble } from './proxy.js';

/** Who passes a point: the planner, whichever executor comes first, or the reflector. */
export type Victim = 'planner' | 'executor' | 'reflector';

/** A link of the victim that can break. */
export type Link = 'postgres' | 'redis' | 'recorder';

/** What happens when the victim comes to the point. All but the first three are done while it stands still there. */
export type Blow =
  | { readonly kind: 'kill' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'error' }
  | { readonly kind: 'stop'; readonly ms: number }
  | { readonly kind: 'partition'; readonly link: Link; readonly trouble: Trouble; readonly ms: number }
  | { readonly kind: 'restart'; readonly what: 'postgres' | 'redis' | 'planner' | 'reflector' }
  | { readonly kind: 'lost-reply' };
export type BlowKind = Blow['kind'];

/** One seeded fault: the nth passage of a point. */
export interface ChaosFault {
  readonly victim: Victim;
  readonly point: FaultPointName;
  readonly nth: number;
  readonly blow: Blow;
}

/** Points that each service passes while it carries a goal. */
export const PASSED_BY: Readonly<Record<Victim, readonly FaultPointName[]>> = {
  planner: ['planner.', 'journal.', 'queue.', 'reply.', 'session.', 'interpreter.before-ended'].flatMap(named),
  executor: ['executor.', 'interpreter.', 'journal.', 'queue.', 'session.'].flatMap(named),
  reflector: ['reply.before-send'],
};

/** What a goal passes many times; the other points have one or two passages. */
const OFTEN: readonly FaultPointName[] = [
  ...['journal.', 'session.'].flatMap(named),
  'interpreter.after-decided',
  'interpreter.before-effect',
  'interpreter.after-effect',
  'interpreter.after-observed',
];

function named(prefix: string): readonly FaultPointName[] {
  return (Object.keys(FAULT_POINTS) as FaultPointName[]).filter((p) => p.startsWith(prefix));
}

/** How often each blow is drawn, of a hundred. */
const SHARES: readonly (readonly [number, BlowKind])[] = [
  [35, 'kill'],
  [15, 'stop'],
  [8, 'delay'],
  [14, 'error'],
  [15, 'partition'],
  [8, 'restart'],
  [5, 'lost-reply'],
];

/** The fault of one run; the same seed and number give the same one (S8). */
export function drawFault(seed: string, run: number, lockMs: number): ChaosFault {
  const roll = (what: string): number => keyedRandom(seed, 'fault', run, what);
  const pick = <T>(list: readonly T[], what: string): T => keyedChoice(list, seed, 'fault', run, what);
  const who = roll('victim');
  const victim: Victim = who < 0.62 ? 'executor' : who < 0.96 ? 'planner' : 'reflector';
  const point = pick(PASSED_BY[victim], 'point');
  const nth = 1 + Math.floor(roll('nth') * (OFTEN.includes(point) ? 5 : 2));
  return { victim, point, nth, blow: drawBlow(roll, pick, victim, lockMs) };
}

function drawBlow(
  roll: (what: string) => number,
  pick: <T>(list: readonly T[], what: string) => T,
  victim: Victim,
  lockMs: number,
): Blow {
  const kind = kindAt(roll('kind') * 100);
  // Half of the long waits outlast the lock: somebody else takes the job, and the first one wakes up to find it taken.
  const ms = Math.round(roll('long') < 0.5 ? lockMs * 0.3 : lockMs * 1.4);
  switch (kind) {
    case 'kill':
    case 'error':
      return { kind };
    case 'delay':
    case 'stop':
      return { kind, ms };
    case 'partition':
      return {
        kind,
        ms,
        link: pick(victim === 'executor' ? ['postgres', 'redis', 'recorder'] : ['postgres', 'redis'], 'link'),
        trouble: pick(['cut', 'refuse', 'pause'], 'trouble'),
      };
    case 'restart':
      return { kind, what: pick(['postgres', 'redis', 'planner', 'reflector'], 'what') };
    case 'lost-reply':
      return { kind };
  }
}

function kindAt(percent: number): BlowKind {
  let sum = 0;
  for (const [share, kind] of SHARES) if (percent < (sum += share)) return kind;
  return 'kill';
}

/** What the victim itself does at the point: it stands still where others do the rest. */
export function planOf(fault: ChaosFault, name: string): FaultPlan {
  const { point, nth, blow } = fault;
  const own =
    blow.kind === 'kill' || blow.kind === 'error'
      ? { action: blow.kind, ms: 0 }
      : blow.kind === 'delay'
        ? { action: blow.kind, ms: blow.ms }
        : { action: 'stop' as const, ms: 0 };
  return { seed: name, faults: [{ point, nth, ...own }] };
}

/** One line for people. */
export function faultText({ victim, point, nth, blow }: ChaosFault): string {
  const more =
    blow.kind === 'partition'
      ? ` ${blow.trouble} ${blow.link} ${String(blow.ms)} ms`
      : blow.kind === 'restart'
        ? ` ${blow.what}`
        : 'ms' in blow
          ? ` ${String(blow.ms)} ms`
          : '';
  return `${blow.kind}${more} at passage ${String(nth)} of ${point} in the ${victim}`;
}
