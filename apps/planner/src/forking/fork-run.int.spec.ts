import { goalSchema, makeSubgoalId, readRun, numberSteps, runStream, type GoalInput } from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres } from '@praxis/testing';
import { Advance } from '../advance.js';
import { PlannerQuestions } from '../planner-face.js';

const DOMAIN = `(define (domain workshop) (:requirements :typing :negative-preconditions) (:types item)
  (:predicates (made ?i - item) (packed ?i - item))
  (:action make :parameters (?i - item) :precondition (not (made ?i)) :effect (made ?i))
  (:action pack :parameters (?i - item) :precondition (made ?i) :effect (packed ?i)))`;
const PROBLEM = '(define (problem p) (:domain workshop) (:objects cup jug - item) (:init) (:goal (and (packed cup) (packed jug))))';

it('explores', async () => {
  const outside = new Outside();
  const rehearsal = await Rehearsal.open(['make', 'pack'].map((n) => outside.skill(n)));
  const parts = rehearsal.parts();
  const face = new PlannerQuestions(parts);
  const players = { advance: new Advance(parts), execute: new Execute(parts) };
  const run = await face.submit(goalSchema.parse({ title: 't', world: 'pddl', problem: { domain: DOMAIN, problem: PROBLEM } }), null);
  await rehearsal.play(players);
  const history = await readRun(run, parts.store.journal);
  console.log(JSON.stringify(history.events.map((e) => e.type === 'planned' ? e.plan.nodes : e.type)), outside.did, numberSteps(history.subgoals).map((s) => [s.number, s.subgoal, s.step, s.action]));
  await rehearsal.close();
  await stopTestPostgres();
});
