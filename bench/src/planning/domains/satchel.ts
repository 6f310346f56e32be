import { dice, names, problemText, type Family } from './family.js';

/** A satchel takes along whatever lies in it (conditional, quantified effects), and shops shut once all is sold. */
export const satchel: Family = {
  name: 'satchel',
  domain: `(define (domain satchel)
  (:requirements :adl)
  (:types place thing shop)
  (:predicates (here ?p - place) (at ?t - thing ?p - place) (packed ?t - thing) (shut ?p - place) (heavy ?t - thing) (key ?t - thing ?p - place))
  (:action walk :parameters (?from ?to - place)
    :precondition (and (here ?from) (not (= ?from ?to)) (or (not (shut ?to)) (exists (?k - thing) (and (key ?k ?to) (packed ?k)))))
    :effect (and (here ?to) (not (here ?from)) (not (shut ?to))
      (forall (?t - thing) (when (packed ?t) (and (at ?t ?to) (not (at ?t ?from)))))))
  (:action pack :parameters (?t - thing ?p - place)
    :precondition (and (here ?p) (at ?t ?p) (not (packed ?t)) (imply (heavy ?t) (forall (?o - thing) (not (packed ?o)))) (forall (?o - thing) (imply (heavy ?o) (not (packed ?o)))))
    :effect (packed ?t))
  (:action unpack :parameters (?t - thing) :precondition (packed ?t) :effect (not (packed ?t))))
`,
  problem(size, seed) {
    const roll = dice(`satchel ${size} ${seed}`);
    const places = names('p', 2 + size);
    const things = names('t', 2 + size);
    const init = ['(here p0)', '(shut p1)', '(key t0 p1)', '(at t0 p0)', '(heavy t1)'];
    for (const t of things.slice(1)) init.push(`(at ${t} p${[0, 2][roll(2)]})`);
    const goal = [...things.map((t) => `(at ${t} p${roll(places.length)})`), '(forall (?t - thing) (not (packed ?t)))'];
    return problemText({
      name: `satchel-${size}`,
      domain: 'satchel',
      objects: `${places.join(' ')} - place ${things.join(' ')} - thing`,
      init,
      goal,
    });
  },
};
