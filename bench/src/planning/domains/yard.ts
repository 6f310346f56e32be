import { dice, names, problemText, shuffled, type Family } from './family.js';

/** Boxes are stacked in yards, lifted by cranes and carried by lorries. */
export const yard: Family = {
  name: 'yard',
  domain: `(define (domain yard)
  (:requirements :strips :typing)
  (:types site thing - object lorry crane base - thing pad box - base)
  (:predicates (at ?t - thing ?s - site) (on ?b - box ?u - base) (inside ?b - box ?l - lorry)
    (grips ?c - crane ?b - box) (idle ?c - crane) (top ?u - base))
  (:action go :parameters (?l - lorry ?from ?to - site)
    :precondition (at ?l ?from) :effect (and (not (at ?l ?from)) (at ?l ?to)))
  (:action pick :parameters (?c - crane ?b - box ?u - base ?s - site)
    :precondition (and (at ?c ?s) (idle ?c) (at ?b ?s) (on ?b ?u) (top ?b))
    :effect (and (grips ?c ?b) (top ?u) (not (at ?b ?s)) (not (top ?b)) (not (idle ?c)) (not (on ?b ?u))))
  (:action put :parameters (?c - crane ?b - box ?u - base ?s - site)
    :precondition (and (at ?c ?s) (at ?u ?s) (top ?u) (grips ?c ?b))
    :effect (and (idle ?c) (at ?b ?s) (top ?b) (on ?b ?u) (not (grips ?c ?b)) (not (top ?u))))
  (:action load :parameters (?c - crane ?b - box ?l - lorry ?s - site)
    :precondition (and (at ?c ?s) (at ?l ?s) (grips ?c ?b))
    :effect (and (inside ?b ?l) (idle ?c) (not (grips ?c ?b))))
  (:action unload :parameters (?c - crane ?b - box ?l - lorry ?s - site)
    :precondition (and (at ?c ?s) (at ?l ?s) (idle ?c) (inside ?b ?l))
    :effect (and (grips ?c ?b) (not (inside ?b ?l)) (not (idle ?c)))))
`,
  problem(size, seed) {
    const roll = dice(`yard ${size} ${seed}`);
    const sites = names('s', 2 + (size >> 1));
    const pads = sites.flatMap((_, i) => [`p${i}`, `q${i}`]);
    const lorries = names('l', 2);
    const boxes = names('b', 2 + 2 * size);
    const init = sites.flatMap((s, i) => [`(at c${i} ${s})`, `(idle c${i})`, `(at p${i} ${s})`, `(at q${i} ${s})`]);
    for (const l of lorries) init.push(`(at ${l} ${sites[roll(sites.length)]})`);
    for (const pile of piles(boxes, pads, roll)) {
      const site = `s${pile[0]!.slice(1)}`;
      pile.slice(1).forEach((box, i) => init.push(`(on ${box} ${pile[i]})`, `(at ${box} ${site})`));
      init.push(`(top ${pile.at(-1)})`);
    }
    const goal = piles(boxes, pads, roll).flatMap((pile) => pile.slice(1).map((box, i) => `(on ${box} ${pile[i]})`));
    const objects = `${sites.join(' ')} - site ${pads.join(' ')} - pad ${names('c', sites.length).join(' ')} - crane ${lorries.join(' ')} - lorry ${boxes.join(' ')} - box`;
    return problemText({ name: `yard-${size}`, domain: 'yard', objects, init, goal });
  },
};

/** Piles of boxes, each beginning with its pad. */
function piles(boxes: readonly string[], pads: readonly string[], roll: (below: number) => number): string[][] {
  const out = pads.map((p) => [p]);
  for (const box of shuffled(boxes, roll)) out[roll(out.length)]!.push(box);
  return out;
}
