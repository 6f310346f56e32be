import { dice, names, problemText, type Family } from './family.js';

/** Lifts carry people between floors; slow lifts stop everywhere, fast ones at every second floor, and riding costs. */
export const lift: Family = {
  name: 'lift',
  domain: `(define (domain lift)
  (:requirements :strips :typing :action-costs)
  (:types cabin person floor count)
  (:predicates (in ?c - cabin ?f - floor) (waits ?p - person ?f - floor) (rides ?p - person ?c - cabin)
    (serves ?c - cabin ?f - floor) (load ?c - cabin ?n - count) (room ?c - cabin ?n - count) (next ?n ?m - count))
  (:functions (total-cost) - number (fare ?c - cabin ?f ?g - floor) - number)
  (:action ride :parameters (?c - cabin ?f ?g - floor)
    :precondition (and (in ?c ?f) (serves ?c ?g)) :effect (and (in ?c ?g) (not (in ?c ?f)) (increase (total-cost) (fare ?c ?f ?g))))
  (:action enter :parameters (?p - person ?c - cabin ?f - floor ?n ?m - count)
    :precondition (and (waits ?p ?f) (in ?c ?f) (load ?c ?n) (next ?n ?m) (room ?c ?m))
    :effect (and (rides ?p ?c) (load ?c ?m) (not (waits ?p ?f)) (not (load ?c ?n))))
  (:action leave :parameters (?p - person ?c - cabin ?f - floor ?n ?m - count)
    :precondition (and (rides ?p ?c) (in ?c ?f) (load ?c ?n) (next ?m ?n))
    :effect (and (waits ?p ?f) (load ?c ?m) (not (rides ?p ?c)) (not (load ?c ?n)))))
`,
  problem(size, seed) {
    const roll = dice(`lift ${size} ${seed}`);
    const floors = names('f', 4 + 2 * size);
    const cabins = names('c', 2);
    const people = names('p', 2 + 2 * size);
    const init = ['(= (total-cost) 0)', ...names('n', 3).map((n, i) => `(next ${n} n${i + 1})`)];
    for (const [i, c] of cabins.entries()) {
      init.push(`(in ${c} f0)`, `(load ${c} n0)`, ...['n1', 'n2', 'n3'].map((n) => `(room ${c} ${n})`));
      floors.forEach((f, a) => {
        if (a % (i + 1) !== 0) return;
        init.push(`(serves ${c} ${f})`);
        floors.forEach(
          (g, b) =>
            b % (i + 1) === 0 &&
            a !== b &&
            init.push(`(= (fare ${c} ${f} ${g}) ${i === 0 ? 2 + Math.abs(a - b) * 3 : 5 + Math.abs(a - b)})`),
        );
      });
    }
    const goal: string[] = [];
    for (const p of people) {
      const from = roll(floors.length);
      init.push(`(waits ${p} f${from})`);
      goal.push(`(waits ${p} f${(from + 1 + roll(floors.length - 1)) % floors.length})`);
    }
    const objects = `${cabins.join(' ')} - cabin ${people.join(' ')} - person ${floors.join(' ')} - floor n0 n1 n2 n3 - count`;
    return problemText({ name: `lift-${size}`, domain: 'lift', objects, init, goal, metric: '(total-cost)' });
  },
};
