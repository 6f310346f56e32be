import { LampWorld, WORLD_KINDS } from '../../testing/src/lamp-world.js';
import { lampGaps, lampOptions } from '../../testing/src/contracts/lamp-world-gaps.js';
import { describeWorld, type ExpectedGaps } from '../../testing/src/contracts/world.contract.js';
import { MemorySessions } from './memory-sessions.js';
import { PddlWorld } from './pddl/pddl-world.js';
import { ownProblems, shippedWorld } from './pddl/world-kind.js';

/** Its parameters are objects. */
const PDDL: ExpectedGaps = { lacks: ['plain arguments'] };

describeWorld(
  'the world household',
  async () => ({
    world: new PddlWorld(shippedWorld('household'), new MemorySessions()),
  }),
  PDDL,
);

describeWorld(
  'the world household with two agents',
  async () => ({
    world: new PddlWorld(shippedWorld('household'), new MemorySessions()),
    options: { scenario: 'dinner-a', seed: '7', steps: 40 },
  }),
  PDDL,
);

describeWorld(
  'the world warehouse',
  async () => ({
    world: new PddlWorld(shippedWorld('warehouse'), new MemorySessions()),
    options: { scenario: 'rush-b', steps: 40 },
  }),
  PDDL,
);

describeWorld(
  'the world of own problems',
  async () => ({
    world: new PddlWorld(ownProblems(), new MemorySessions()),
    options: { problem: { domain: PUMPS, problem: TANKS } },
  }),
  { lacks: ['plain arguments', 'scenarios', 'skills'] },
);

for (const kind of WORLD_KINDS)
  describeWorld(
    `a world in this process with ${JSON.stringify(kind)}`,
    async () => ({ world: new LampWorld(kind), options: lampOptions(kind) }),
    lampGaps(kind),
  );

/** Derived predicates, numbers and conditional effects together. */
const PUMPS = `(define (domain pumps)
  (:requirements :typing :derived-predicates :numeric-fluents :conditional-effects :negative-preconditions)
  (:types tank)
  (:predicates (pipe ?a ?b - tank) (valve ?a - tank) (reached ?a ?b - tank) (wet ?a - tank))
  (:functions (level ?a - tank))
  (:derived (reached ?a ?b - tank) (or (pipe ?a ?b) (exists (?c - tank) (and (pipe ?a ?c) (reached ?c ?b)))))
  (:action turn :parameters (?a - tank) :precondition (and) :effect (and (when (valve ?a) (not (valve ?a))) (when (not (valve ?a)) (valve ?a))))
  (:action pump :parameters (?a ?b - tank) :precondition (and (valve ?a) (reached ?a ?b) (>= (level ?a) 1))
    :effect (and (decrease (level ?a) 1) (increase (level ?b) 1) (wet ?b))))`;
const TANKS = `(define (problem tanks) (:domain pumps) (:objects t1 t2 t3 - tank)
  (:init (pipe t1 t2) (pipe t2 t3) (valve t1) (= (level t1) 3) (= (level t2) 0) (= (level t3) 0))
  (:goal (and (>= (level t3) 2) (wet t3))))`;
