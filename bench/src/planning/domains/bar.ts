import { dice, names, problemText, type Family } from './family.js';

/** Drinks are mixed of two ingredients in a shaker and poured into glasses, with two hands to hold things. */
export const bar: Family = {
  name: 'bar',
  domain: `(define (domain bar)
  (:requirements :strips :typing)
  (:types hand fill drink vessel - object part mix - drink glass shaker - vessel tap)
  (:predicates (down ?v - vessel) (held ?h - hand ?v - vessel) (free ?h - hand) (gives ?t - tap ?p - part)
    (void ?v - vessel) (holds ?v - vessel ?d - drink) (fresh ?v - vessel) (stale ?v - vessel ?d - drink)
    (level ?s - shaker ?f - fill) (bottom ?s - shaker ?f - fill) (more ?f ?g - fill) (open ?s - shaker) (mixed ?s - shaker)
    (first ?m - mix ?p - part) (second ?m - mix ?p - part))
  (:action take :parameters (?h - hand ?v - vessel)
    :precondition (and (down ?v) (free ?h)) :effect (and (held ?h ?v) (not (down ?v)) (not (free ?h))))
  (:action leave :parameters (?h - hand ?v - vessel)
    :precondition (held ?h ?v) :effect (and (down ?v) (free ?h) (not (held ?h ?v))))
  (:action fill-glass :parameters (?g - glass ?p - part ?h ?o - hand ?t - tap)
    :precondition (and (held ?h ?g) (free ?o) (gives ?t ?p) (void ?g) (fresh ?g))
    :effect (and (holds ?g ?p) (stale ?g ?p) (not (void ?g)) (not (fresh ?g))))
  (:action refill-glass :parameters (?g - glass ?p - part ?h ?o - hand ?t - tap)
    :precondition (and (held ?h ?g) (free ?o) (gives ?t ?p) (void ?g) (stale ?g ?p))
    :effect (and (holds ?g ?p) (not (void ?g))))
  (:action spill :parameters (?h - hand ?g - glass ?d - drink)
    :precondition (and (held ?h ?g) (holds ?g ?d)) :effect (and (void ?g) (not (holds ?g ?d))))
  (:action rinse :parameters (?g - glass ?d - drink ?h ?o - hand)
    :precondition (and (held ?h ?g) (free ?o) (void ?g) (stale ?g ?d)) :effect (and (fresh ?g) (not (stale ?g ?d))))
  (:action tip-first :parameters (?g - glass ?p - part ?s - shaker ?h - hand ?f ?k - fill)
    :precondition (and (held ?h ?g) (holds ?g ?p) (void ?s) (fresh ?s) (level ?s ?f) (more ?f ?k))
    :effect (and (holds ?s ?p) (void ?g) (level ?s ?k) (open ?s) (not (holds ?g ?p)) (not (void ?s)) (not (fresh ?s)) (not (level ?s ?f))))
  (:action tip-more :parameters (?g - glass ?p - part ?s - shaker ?h - hand ?f ?k - fill)
    :precondition (and (held ?h ?g) (holds ?g ?p) (open ?s) (level ?s ?f) (more ?f ?k))
    :effect (and (holds ?s ?p) (void ?g) (level ?s ?k) (not (holds ?g ?p)) (not (level ?s ?f))))
  (:action shake :parameters (?m - mix ?p ?q - part ?s - shaker ?h ?o - hand)
    :precondition (and (held ?h ?s) (free ?o) (holds ?s ?p) (holds ?s ?q) (first ?m ?p) (second ?m ?q) (open ?s))
    :effect (and (mixed ?s) (stale ?s ?m) (holds ?s ?m) (not (open ?s)) (not (holds ?s ?p)) (not (holds ?s ?q))))
  (:action pour :parameters (?m - mix ?g - glass ?h - hand ?s - shaker ?f ?k - fill)
    :precondition (and (held ?h ?s) (holds ?s ?m) (mixed ?s) (void ?g) (fresh ?g) (level ?s ?f) (more ?k ?f))
    :effect (and (holds ?g ?m) (level ?s ?k) (stale ?g ?m) (not (void ?g)) (not (fresh ?g)) (not (level ?s ?f))))
  (:action drain :parameters (?m - mix ?s - shaker ?h - hand ?f ?k - fill)
    :precondition (and (held ?h ?s) (holds ?s ?m) (mixed ?s) (level ?s ?f) (bottom ?s ?k))
    :effect (and (void ?s) (level ?s ?k) (not (holds ?s ?m)) (not (mixed ?s)) (not (level ?s ?f))))
  (:action rinse-shaker :parameters (?s - shaker ?m - mix ?h ?o - hand)
    :precondition (and (held ?h ?s) (free ?o) (void ?s) (stale ?s ?m)) :effect (and (fresh ?s) (not (stale ?s ?m)))))
`,
  problem(size, seed) {
    const roll = dice(`bar ${size} ${seed}`);
    const parts = names('p', 3 + (size >> 2));
    const mixes = names('m', size);
    const glasses = names('g', size + 1);
    const init = [
      '(free left)',
      '(free right)',
      '(down sh)',
      '(void sh)',
      '(fresh sh)',
      '(level sh f0)',
      '(bottom sh f0)',
      '(more f0 f1)',
      '(more f1 f2)',
    ];
    for (const g of glasses) init.push(`(down ${g})`, `(void ${g})`, `(fresh ${g})`);
    for (const [i, p] of parts.entries()) init.push(`(gives t${i} ${p})`);
    for (const m of mixes) {
      const one = roll(parts.length);
      init.push(
        `(first ${m} ${parts[one]})`,
        `(second ${m} ${parts[(one + 1 + roll(parts.length - 1)) % parts.length]})`,
      );
    }
    const goal = mixes.map((m, i) => `(holds g${i} ${m})`);
    const objects = `left right - hand f0 f1 f2 - fill ${parts.join(' ')} - part ${mixes.join(' ')} - mix ${glasses.join(' ')} - glass sh - shaker ${names('t', parts.length).join(' ')} - tap`;
    return problemText({ name: `bar-${size}`, domain: 'bar', objects, init, goal });
  },
};
