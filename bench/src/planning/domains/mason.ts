import { dice, names, problemText, type Family } from './family.js';

/** A robot builds towers of blocks on a grid and climbs one step at a time; blocks come from a depot. */
export const mason: Family = {
  name: 'mason',
  domain: `(define (domain mason)
  (:requirements :strips :typing)
  (:types height cell)
  (:predicates (high ?c - cell ?h - height) (at ?c - cell) (laden) (bare) (next ?h ?g - height) (beside ?c ?d - cell) (depot ?c - cell) (site ?c - cell))
  (:action walk :parameters (?c ?d - cell ?h - height)
    :precondition (and (at ?c) (beside ?c ?d) (high ?c ?h) (high ?d ?h)) :effect (and (at ?d) (not (at ?c))))
  (:action climb :parameters (?c ?d - cell ?h ?g - height)
    :precondition (and (at ?c) (beside ?c ?d) (high ?c ?h) (high ?d ?g) (next ?g ?h)) :effect (and (at ?d) (not (at ?c))))
  (:action descend :parameters (?c ?d - cell ?h ?g - height)
    :precondition (and (at ?c) (beside ?c ?d) (high ?c ?h) (high ?d ?g) (next ?h ?g)) :effect (and (at ?d) (not (at ?c))))
  (:action lay :parameters (?c ?d - cell ?h ?g - height)
    :precondition (and (at ?c) (beside ?c ?d) (high ?c ?h) (high ?d ?h) (laden) (next ?g ?h) (site ?d))
    :effect (and (high ?d ?g) (bare) (not (high ?d ?h)) (not (laden))))
  (:action lift :parameters (?c ?d - cell ?h ?g - height)
    :precondition (and (at ?c) (beside ?c ?d) (high ?c ?h) (high ?d ?g) (next ?g ?h) (bare))
    :effect (and (high ?d ?h) (laden) (not (high ?d ?g)) (not (bare))))
  (:action fetch :parameters (?c - cell) :precondition (and (at ?c) (depot ?c) (bare)) :effect (and (laden) (not (bare))))
  (:action return :parameters (?c - cell) :precondition (and (at ?c) (depot ?c) (laden)) :effect (and (bare) (not (laden)))))
`,
  problem(size, seed) {
    const roll = dice(`mason ${size} ${seed}`);
    const width = 3 + (size > 4 ? 1 : 0);
    const most = Math.min(5, 2 + (size >> 1));
    const cells = Array.from({ length: width * 3 }, (_, i) => `c${i % width}-${Math.floor(i / width)}`);
    const init = ['(at c0-0)', '(bare)', '(depot c0-0)', ...names('h', most).map((h, i) => `(next h${i + 1} ${h})`)];
    const goal = ['(bare)'];
    const towers = new Map<string, number>();
    while (towers.size < Math.min(4, 1 + (size >> 2))) towers.set(cells[1 + roll(cells.length - 1)]!, 1 + roll(most));
    if (![...towers.values()].includes(most)) towers.set([...towers.keys()][0]!, most);
    for (const cell of cells) {
      const [x, y] = cell.slice(1).split('-').map(Number) as [number, number];
      init.push(`(high ${cell} h0)`);
      if (cell !== 'c0-0') init.push(`(site ${cell})`);
      for (const other of [`c${x + 1}-${y}`, `c${x}-${y + 1}`])
        if (cells.includes(other)) init.push(`(beside ${cell} ${other})`, `(beside ${other} ${cell})`);
      goal.push(`(high ${cell} h${towers.get(cell) ?? 0})`);
    }
    return problemText({
      name: `mason-${size}`,
      domain: 'mason',
      objects: `${names('h', most + 1).join(' ')} - height ${cells.join(' ')} - cell`,
      init,
      goal,
    });
  },
};
