; How the house really works: containers must be open, appliances plugged in and grippers dry. Doors fall shut.
(define (domain household)
  (:requirements :strips :typing :negative-preconditions)
  (:types
    room robot item furniture - object
    food dish - item
    surface container - furniture
    appliance - container
    oven dishwasher - appliance)
  (:predicates
    (linked ?from ?to - room)
    (at ?r - robot ?p - room)
    (placed ?f - furniture ?p - room)
    (towel-in ?p - room)
    (sink-in ?p - room)
    (on ?i - item ?s - surface)
    (in ?i - item ?c - container)
    (holding ?r - robot ?i - item)
    (free ?r - robot)
    (dry ?r - robot)
    (open ?c - container)
    (plugged ?a - appliance)
    (cooked ?f - food)
    (clean ?d - dish))

  (:action move
    :parameters (?r - robot ?from ?to - room)
    :precondition (and (at ?r ?from) (linked ?from ?to))
    :effect (and (at ?r ?to) (not (at ?r ?from))))

  (:action open
    :parameters (?r - robot ?c - container ?p - room)
    :precondition (and (at ?r ?p) (placed ?c ?p) (not (open ?c)))
    :effect (open ?c))

  (:action close
    :parameters (?r - robot ?c - container ?p - room)
    :precondition (and (at ?r ?p) (placed ?c ?p) (open ?c))
    :effect (not (open ?c)))

  (:action plug-in
    :parameters (?r - robot ?a - appliance ?p - room)
    :precondition (and (at ?r ?p) (placed ?a ?p) (not (plugged ?a)))
    :effect (plugged ?a))

  (:action unplug
    :parameters (?r - robot ?a - appliance ?p - room)
    :precondition (and (at ?r ?p) (placed ?a ?p) (plugged ?a))
    :effect (not (plugged ?a)))

  (:action dry-gripper
    :parameters (?r - robot ?p - room)
    :precondition (and (at ?r ?p) (towel-in ?p) (not (dry ?r)))
    :effect (dry ?r))

  (:action pick-up
    :parameters (?r - robot ?i - item ?s - surface ?p - room)
    :precondition (and (at ?r ?p) (placed ?s ?p) (on ?i ?s) (free ?r) (dry ?r))
    :effect (and (holding ?r ?i) (not (on ?i ?s)) (not (free ?r))))

  (:action put-down
    :parameters (?r - robot ?i - item ?s - surface ?p - room)
    :precondition (and (at ?r ?p) (placed ?s ?p) (holding ?r ?i))
    :effect (and (on ?i ?s) (free ?r) (not (holding ?r ?i))))

  (:action take-from
    :parameters (?r - robot ?i - item ?c - container ?p - room)
    :precondition (and (at ?r ?p) (placed ?c ?p) (in ?i ?c) (free ?r) (open ?c))
    :effect (and (holding ?r ?i) (not (in ?i ?c)) (not (free ?r))))

  (:action put-into
    :parameters (?r - robot ?i - item ?c - container ?p - room)
    :precondition (and (at ?r ?p) (placed ?c ?p) (holding ?r ?i) (open ?c))
    :effect (and (in ?i ?c) (free ?r) (not (holding ?r ?i))))

  (:action bake
    :parameters (?r - robot ?f - food ?o - oven ?p - room)
    :precondition (and (at ?r ?p) (placed ?o ?p) (in ?f ?o) (plugged ?o))
    :effect (cooked ?f))

  (:action wash
    :parameters (?r - robot ?d - dish ?w - dishwasher ?p - room)
    :precondition (and (at ?r ?p) (placed ?w ?p) (in ?d ?w) (plugged ?w))
    :effect (clean ?d))

  ; Quicker than the dishwasher, but the gripper gets wet.
  (:action rinse
    :parameters (?r - robot ?d - dish ?p - room)
    :precondition (and (at ?r ?p) (sink-in ?p) (holding ?r ?d))
    :effect (and (clean ?d) (not (dry ?r))))

  ; Nobody does this: it happens.
  (:action fall-shut
    :parameters (?c - container)
    :precondition (open ?c)
    :effect (not (open ?c))))
