import { dice, names, problemText, type Dice, type Family } from './family.js';

type Way = readonly [name: string, dx: number, dy: number];
const WAYS: readonly Way[] = [
  ['n', 0, -1],
  ['s', 0, 1],
  ['w', -1, 0],
  ['e', 1, 0],
];

/** A worker pushes crates to marked places and cannot pull; made backwards by pulling, so that a plan exists. */
export const warehouse: Family = {
  name: 'warehouse',
  domain: `(define (domain warehouse)
  (:requirements :strips :typing)
  (:types cell crate way)
  (:predicates (worker ?c - cell) (at ?k - crate ?c - cell) (empty ?c - cell) (step ?c ?d - cell ?w - way) (stored ?k - crate) (mark ?c - cell) (plain ?c - cell))
  (:action walk :parameters (?c ?d - cell ?w - way)
    :precondition (and (worker ?c) (step ?c ?d ?w) (empty ?d)) :effect (and (worker ?d) (empty ?c) (not (worker ?c)) (not (empty ?d))))
  (:action push :parameters (?k - crate ?c ?d ?e - cell ?w - way)
    :precondition (and (worker ?c) (step ?c ?d ?w) (step ?d ?e ?w) (at ?k ?d) (empty ?e) (plain ?e))
    :effect (and (worker ?d) (empty ?c) (at ?k ?e) (not (worker ?c)) (not (at ?k ?d)) (not (empty ?e)) (not (stored ?k))))
  (:action push-home :parameters (?k - crate ?c ?d ?e - cell ?w - way)
    :precondition (and (worker ?c) (step ?c ?d ?w) (step ?d ?e ?w) (at ?k ?d) (empty ?e) (mark ?e))
    :effect (and (worker ?d) (empty ?c) (at ?k ?e) (stored ?k) (not (worker ?c)) (not (at ?k ?d)) (not (empty ?e)))))
`,
  problem(size, seed) {
    const roll = dice(`warehouse ${size} ${seed}`);
    const room = carve(5 + size, roll);
    const crates = 1 + Math.ceil(size / 2);
    const free = [...room].filter((c) => neighbours(c).filter((d) => room.has(d)).length >= 3);
    const marks = new Set<string>();
    while (marks.size < Math.min(crates, free.length)) marks.add(free[roll(free.length)]!);
    const { stones, worker } = pullBack(room, marks, roll, 40 * size + 60);
    const init = [`(worker ${worker})`];
    for (const cell of room) {
      if (cell !== worker && !stones.includes(cell)) init.push(`(empty ${cell})`);
      init.push(marks.has(cell) ? `(mark ${cell})` : `(plain ${cell})`);
      for (const [name, dx, dy] of WAYS)
        if (room.has(moved(cell, dx, dy))) init.push(`(step ${cell} ${moved(cell, dx, dy)} ${name})`);
    }
    for (const [i, stone] of stones.entries())
      init.push(`(at k${i} ${stone})`, ...(marks.has(stone) ? [`(stored k${i})`] : []));
    const ks = names('k', stones.length);
    const objects = `${[...room].join(' ')} - cell ${ks.join(' ')} - crate n s w e - way`;
    return problemText({
      name: `warehouse-${size}`,
      domain: 'warehouse',
      objects,
      init,
      goal: ks.map((k) => `(stored ${k})`),
    });
  },
};

function moved(cell: string, dx: number, dy: number): string {
  const [x, y] = cell.slice(1).split('-').map(Number) as [number, number];
  return `c${x + dx}-${y + dy}`;
}

function neighbours(cell: string): string[] {
  return WAYS.map(([, dx, dy]) => moved(cell, dx, dy));
}

/** A hall of this side with some pillars, all of it connected. */
function carve(side: number, roll: Dice): Set<string> {
  const room = new Set(Array.from({ length: side * side }, (_, i) => `c${i % side}-${Math.floor(i / side)}`));
  for (let i = 0; i < side * 2; i++) {
    const cell = `c${roll(side)}-${roll(side)}`;
    if (!room.delete(cell)) continue;
    if (flood(room, [...room][0]!, () => true).size < room.size) room.add(cell);
  }
  return room;
}

function flood(room: ReadonlySet<string>, start: string, isFree: (cell: string) => boolean): Set<string> {
  const seen = new Set([start]);
  for (const cell of seen) for (const next of neighbours(cell)) if (room.has(next) && isFree(next)) seen.add(next);
  return seen;
}

function pullBack(
  room: ReadonlySet<string>,
  marks: ReadonlySet<string>,
  roll: Dice,
  pulls: number,
): { stones: string[]; worker: string } {
  const stones = [...marks];
  let worker = [...room].find((c) => !marks.has(c))!;
  for (let i = 0; i < pulls; i++) {
    const s = roll(stones.length);
    const [, dx, dy] = WAYS[roll(4)]!;
    const stand = moved(stones[s]!, dx, dy);
    const back = moved(stand, dx, dy);
    const isFree = (cell: string): boolean => room.has(cell) && !stones.includes(cell);
    if (!isFree(stand) || !isFree(back) || !flood(room, worker, isFree).has(stand)) continue;
    stones[s] = stand;
    worker = back;
  }
  return { stones, worker };
}
