import { goalSchema, type Goal, type GoalInput, type SkillManifest } from '@praxis/core';
import type { Outside } from './outside.js';

const DOMAIN = `(define (domain workshop) (:requirements :typing :negative-preconditions) (:types agent item)
  (:predicates (owns ?a - agent ?i - item) (made ?i - item) (packed ?i - item) (sent ?i - item))
  (:action make :parameters (?a - agent ?i - item) :precondition (and (owns ?a ?i) (not (made ?i))) :effect (made ?i))
  (:action unmake :parameters (?a - agent ?i - item) :precondition (and (owns ?a ?i) (made ?i)) :effect (not (made ?i)))
  (:action pack :parameters (?a - agent ?i - item) :precondition (and (owns ?a ?i) (made ?i)) :effect (packed ?i))
  (:action unpack :parameters (?a - agent ?i - item) :precondition (and (owns ?a ?i) (packed ?i)) :effect (not (packed ?i)))
  (:action send :parameters (?a - agent ?i - item) :precondition (and (owns ?a ?i) (packed ?i)) :effect (sent ?i)))`;

const INIT = '(owns ann cup) (owns ann plate) (owns bob jug) (owns bob bowl)';

/** A goal in a workshop where ann makes, packs and sends a cup and a plate, and bob, beside her, a jug and a bowl. */
export function workshopGoal(condition: string, more: Partial<GoalInput> = {}): Goal {
  const problem = `(define (problem p) (:domain workshop) (:objects ann bob - agent cup plate jug bowl - item) (:init ${INIT}) (:goal ${condition}))`;
  return goalSchema.parse({
    title: condition,
    world: 'pddl',
    problem: { domain: DOMAIN, problem },
    archive: { use: false, learn: false },
    ...more,
  });
}

const undo = (skill: string): Partial<SkillManifest> => ({
  effect: 'compensable',
  undo: { skill, args: { a: 'args.a', i: 'args.i' } },
});

/** What is done in the workshop is really done outside: making and packing can be taken back, sending cannot. */
export function workshopSkills(outside: Outside): ReturnType<Outside['skill']>[] {
  return [
    outside.skill('make', undo('unmake')),
    outside.skill('unmake'),
    outside.skill('pack', undo('unpack')),
    outside.skill('unpack'),
    outside.skill('send', { effect: 'irreversible', keyed: false, risk: 5 }),
  ];
}
