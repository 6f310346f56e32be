import { dice, names, problemText, shuffled, type Family } from './family.js';

/** A game of patience: cards go home in order by suit; a few cells and empty columns help out. */
export const patience: Family = {
  name: 'patience',
  domain: `(define (domain patience)
  (:requirements :strips :typing)
  (:types card count suit)
  (:predicates (above ?a ?b - card) (open ?a - card) (lowest ?a - card) (parked ?a - card) (home ?a - card)
    (cells ?n - count) (columns ?n - count) (next ?m ?n - count)
    (fits ?a ?b - card) (value ?a - card ?n - count) (of ?a - card ?s - suit))
  (:action stack :parameters (?a ?from ?to - card)
    :precondition (and (open ?a) (open ?to) (fits ?a ?to) (above ?a ?from))
    :effect (and (above ?a ?to) (open ?from) (not (above ?a ?from)) (not (open ?to))))
  (:action stack-last :parameters (?a ?to - card ?n ?m - count)
    :precondition (and (open ?a) (lowest ?a) (open ?to) (fits ?a ?to) (columns ?n) (next ?m ?n))
    :effect (and (above ?a ?to) (columns ?m) (not (lowest ?a)) (not (open ?to)) (not (columns ?n))))
  (:action park :parameters (?a ?from - card ?n ?m - count)
    :precondition (and (open ?a) (above ?a ?from) (cells ?n) (next ?n ?m))
    :effect (and (parked ?a) (open ?from) (cells ?m) (not (above ?a ?from)) (not (open ?a)) (not (cells ?n))))
  (:action park-last :parameters (?a - card ?n ?m ?k ?l - count)
    :precondition (and (open ?a) (lowest ?a) (cells ?n) (next ?n ?m) (columns ?k) (next ?l ?k))
    :effect (and (parked ?a) (cells ?m) (columns ?l) (not (lowest ?a)) (not (open ?a)) (not (cells ?n)) (not (columns ?k))))
  (:action found :parameters (?a ?from - card ?k ?l - count)
    :precondition (and (open ?a) (above ?a ?from) (columns ?k) (next ?k ?l))
    :effect (and (lowest ?a) (open ?from) (columns ?l) (not (above ?a ?from)) (not (columns ?k))))
  (:action unpark :parameters (?a ?to - card ?n ?m - count)
    :precondition (and (parked ?a) (open ?to) (fits ?a ?to) (cells ?n) (next ?m ?n))
    :effect (and (above ?a ?to) (open ?a) (cells ?m) (not (parked ?a)) (not (open ?to)) (not (cells ?n))))
  (:action unpark-found :parameters (?a - card ?n ?m ?k ?l - count)
    :precondition (and (parked ?a) (cells ?n) (next ?m ?n) (columns ?k) (next ?k ?l))
    :effect (and (lowest ?a) (open ?a) (cells ?m) (columns ?l) (not (parked ?a)) (not (cells ?n)) (not (columns ?k))))
  (:action finish :parameters (?a ?from ?b - card ?s - suit ?v ?w - count)
    :precondition (and (open ?a) (above ?a ?from) (home ?b) (of ?a ?s) (of ?b ?s) (value ?a ?v) (value ?b ?w) (next ?v ?w))
    :effect (and (home ?a) (open ?from) (not (above ?a ?from)) (not (open ?a)) (not (home ?b))))
  (:action finish-last :parameters (?a ?b - card ?s - suit ?v ?w ?k ?l - count)
    :precondition (and (open ?a) (lowest ?a) (home ?b) (of ?a ?s) (of ?b ?s) (value ?a ?v) (value ?b ?w) (next ?v ?w) (columns ?k) (next ?l ?k))
    :effect (and (home ?a) (columns ?l) (not (lowest ?a)) (not (open ?a)) (not (home ?b)) (not (columns ?k))))
  (:action finish-parked :parameters (?a ?b - card ?s - suit ?v ?w ?n ?m - count)
    :precondition (and (parked ?a) (home ?b) (of ?a ?s) (of ?b ?s) (value ?a ?v) (value ?b ?w) (next ?v ?w) (cells ?n) (next ?m ?n))
    :effect (and (home ?a) (cells ?m) (not (parked ?a)) (not (home ?b)) (not (cells ?n)))))
`,
  problem(size, seed) {
    const roll = dice(`patience ${size} ${seed}`);
    const suits = size < 3 ? 2 : 4;
    const most = Math.min(13, 2 + size);
    const columns = Math.min(8, suits + (size >> 2));
    const cells = Math.min(4, suits);
    const counts = names('n', Math.max(most, columns + 1, cells + 1) + 1);
    const card = (suit: number, value: number): string => `c${suit}-${value}`;
    const cards = Array.from({ length: suits }, (_, s) =>
      Array.from({ length: most }, (_, v) => card(s, v + 1)),
    ).flat();
    const every = [...cards, ...names('c', suits).map((c) => `${c}-0`)];
    // `(next a b)`: a is one more than b. Cells and columns count the free ones.
    const init = [...counts.slice(1).map((n, i) => `(next ${n} ${counts[i]})`), `(cells n${cells})`, '(columns n0)'];
    for (let s = 0; s < suits; s++) {
      for (let v = 0; v <= most; v++) init.push(`(value ${card(s, v)} n${v})`, `(of ${card(s, v)} u${s})`);
      init.push(`(home ${card(s, 0)})`);
      for (let t = 0; t < suits; t++)
        if ((s + t) % 2 === 1) for (let v = 1; v < most; v++) init.push(`(fits ${card(s, v)} ${card(t, v + 1)})`);
    }
    const deal: string[][] = Array.from({ length: columns }, () => []);
    shuffled(cards, roll).forEach((c, i) => deal[i % columns]!.push(c));
    for (const column of deal) {
      init.push(`(lowest ${column[0]})`, `(open ${column.at(-1)})`);
      column.slice(1).forEach((c, i) => init.push(`(above ${c} ${column[i]})`));
    }
    const goal = Array.from({ length: suits }, (_, s) => `(home ${card(s, most)})`);
    const objects = `${every.join(' ')} - card ${counts.join(' ')} - count ${names('u', suits).join(' ')} - suit`;
    return problemText({ name: `patience-${size}`, domain: 'patience', objects, init, goal });
  },
};
