import { measureCapacity, type Capacity } from './capacity.js';
import { type Figures, meanOf } from './measure.js';
import { OURS, POLICIES } from './policies.js';
import { type Setting, simulate } from './simulate.js';

/** How much is simulated. */
export interface Scale {
  readonly loads: readonly number[];
  readonly seeds: readonly string[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Besides the calm. */
  readonly situations: readonly Situation[];
}

/** The figures of one policy, in one of the situations that are compared. */
export interface Row {
  readonly situation: string;
  /** Share of the capacity. */
  readonly load: number;
  readonly policy: string;
  readonly figures: Figures;
}

/** Everything that was simulated. */
export interface Comparison {
  readonly capacity: Capacity;
  readonly scale: Scale;
  readonly rows: readonly Row[];
}

/** Nothing happens, at all loads. */
export const CALM = 'calm';

/** Something that may be, at one load. */
export interface Situation {
  readonly name: string;
  readonly load: number;
  readonly more: Partial<Setting>;
}

/** A broken node hurts whoever chooses it at any load; those who see too little hurt each other where it is full. */
export const SITUATIONS: readonly Situation[] = [
  { name: 'a node dies', load: 0.6, more: { trouble: 'dies' } },
  { name: 'a node is 4 times slower', load: 0.6, more: { trouble: 'slow' } },
  { name: 'two routers', load: 0.8, more: { routers: 2, probeMs: 1_000 } },
  { name: 'slots unknown', load: 0.8, more: { saysSlots: false } },
];

/** Simulates every policy at every load and in every situation, with the same runs at the same times for all. */
export async function compare(scale: Scale, say: (row: Row) => void): Promise<Comparison> {
  const capacity = await measureCapacity('capacity', { seconds: 400, warmUpSeconds: 100 });
  const rows: Row[] = [];
  const situations = [...scale.loads.map((load) => ({ name: CALM, load, more: {} })), ...scale.situations];
  for (const { name, load, more } of situations) {
    for (const policy of POLICIES) {
      const all: Figures[] = [];
      for (const seed of scale.seeds) {
        all.push(
          await simulate({
            policy,
            seed,
            runsPerSecond: load * capacity.runsPerSecond,
            seconds: scale.seconds,
            warmUpSeconds: scale.warmUpSeconds,
            ...more,
          }),
        );
      }
      const row = { situation: name, load, policy: policy.name, figures: meanOf(all) };
      rows.push(row);
      say(row);
    }
  }
  return { capacity, scale, rows };
}

/** Ours may be so much behind the best and still count as equal. */
export const MARGIN = 0.02;

/**
 * Where ours is behind the best by more than the margin, as sentences; empty: it is the best everywhere, and lost no
 * call.
 */
export function shortfalls({ rows }: Comparison): readonly string[] {
  const found: string[] = [];
  for (const ours of rows.filter((row) => row.policy === OURS)) {
    const where = `${ours.situation}, load ${Math.round(ours.load * 100)} %`;
    const others = rows
      .filter((row) => row.situation === ours.situation && row.load === ours.load && row.policy !== OURS)
      .map((row) => row.figures);
    const least = (key: 'firstP50' | 'firstP99'): void => {
      const best = Math.min(...others.map((figures) => figures[key]));
      if (ours.figures[key] > best * (1 + MARGIN))
        found.push(`${where}: ${key} is ${ours.figures[key].toFixed(0)} ms, of the best other ${best.toFixed(0)} ms`);
    };
    least('firstP50');
    least('firstP99');
    const most = Math.max(...others.map((figures) => figures.goodput));
    if (ours.figures.goodput < most * (1 - MARGIN))
      found.push(`${where}: goodput is ${ours.figures.goodput.toFixed(2)}, of the best other ${most.toFixed(2)}`);
    if (ours.figures.lost > 0) found.push(`${where}: ${ours.figures.lost} calls were lost`);
  }
  return found;
}
