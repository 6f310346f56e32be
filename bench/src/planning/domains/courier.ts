import { dice, names, problemText, type Family } from './family.js';

/** Vans with fuel and room carry tonnes between towns, and refuel for money; goals are amounts (numeric). */
export const courier: Family = {
  name: 'courier',
  domain: `(define (domain courier)
  (:requirements :typing :fluents)
  (:types town van)
  (:predicates (at ?v - van ?t - town) (road ?t ?u - town) (pump ?t - town))
  (:functions (fuel ?v - van) (tank ?v - van) (load ?v - van) (room ?v - van) (stock ?t - town) (miles ?t ?u - town) (money))
  (:action drive :parameters (?v - van ?t ?u - town)
    :precondition (and (at ?v ?t) (road ?t ?u) (>= (fuel ?v) (miles ?t ?u)))
    :effect (and (at ?v ?u) (not (at ?v ?t)) (decrease (fuel ?v) (miles ?t ?u))))
  (:action load :parameters (?v - van ?t - town)
    :precondition (and (at ?v ?t) (>= (stock ?t) 1) (< (load ?v) (room ?v)))
    :effect (and (decrease (stock ?t) 1) (increase (load ?v) 1)))
  (:action unload :parameters (?v - van ?t - town)
    :precondition (and (at ?v ?t) (>= (load ?v) 1)) :effect (and (increase (stock ?t) 1) (decrease (load ?v) 1)))
  (:action sell :parameters (?v - van ?t - town)
    :precondition (and (at ?v ?t) (pump ?t) (>= (load ?v) 1)) :effect (and (decrease (load ?v) 1) (increase (money) 4)))
  (:action refuel :parameters (?v - van ?t - town)
    :precondition (and (at ?v ?t) (pump ?t) (>= (money) 2) (<= (+ (fuel ?v) 5) (tank ?v)))
    :effect (and (increase (fuel ?v) 5) (decrease (money) 2))))
`,
  problem(size, seed) {
    const roll = dice(`courier ${size} ${seed}`);
    const towns = names('t', 3 + size);
    const vans = names('v', 1 + (size >> 2));
    const init = ['(= (money) 6)', '(pump t0)'];
    const road = (a: number, b: number): void => {
      const miles = 1 + roll(4);
      init.push(
        `(road t${a} t${b})`,
        `(road t${b} t${a})`,
        `(= (miles t${a} t${b}) ${miles})`,
        `(= (miles t${b} t${a}) ${miles})`,
      );
    };
    for (let i = 1; i < towns.length; i++) road(i, roll(i));
    for (const v of vans)
      init.push(`(at ${v} t0)`, `(= (fuel ${v}) 15)`, `(= (tank ${v}) 20)`, `(= (load ${v}) 0)`, `(= (room ${v}) 3)`);
    const goal: string[] = ['(>= (money) 8)'];
    towns.forEach((t, i) => {
      init.push(`(= (stock ${t}) ${i % 2 === 0 ? 4 + size : 0})`);
      if (i % 2 === 1) goal.push(`(>= (stock ${t}) ${1 + roll(3)})`);
    });
    return problemText({
      name: `courier-${size}`,
      domain: 'courier',
      objects: `${towns.join(' ')} - town ${vans.join(' ')} - van`,
      init,
      goal,
    });
  },
};
