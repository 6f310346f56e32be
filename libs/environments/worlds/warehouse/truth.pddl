; How the warehouse really works: lifting needs a full battery, shelves take only what was scanned, dock doors must be up.
(define (domain warehouse)
  (:requirements :strips :typing :negative-preconditions)
  (:types
    zone robot load shelf dock - object
    box pallet - load)
  (:predicates
    (aisle ?from ?to - zone)
    (at ?r - robot ?z - zone)
    (shelf-in ?s - shelf ?z - zone)
    (dock-in ?d - dock ?z - zone)
    (scanner-in ?z - zone)
    (charger-in ?z - zone)
    (lying ?l - load ?z - zone)
    (stowed ?l - load ?s - shelf)
    (loaded ?l - load ?d - dock)
    (carrying ?r - robot ?l - load)
    (empty ?r - robot)
    (charged ?r - robot)
    (scanned ?l - load)
    (raised ?d - dock))

  (:action drive
    :parameters (?r - robot ?from ?to - zone)
    :precondition (and (at ?r ?from) (aisle ?from ?to))
    :effect (and (at ?r ?to) (not (at ?r ?from))))

  (:action charge
    :parameters (?r - robot ?z - zone)
    :precondition (and (at ?r ?z) (charger-in ?z) (not (charged ?r)))
    :effect (charged ?r))

  (:action raise-door
    :parameters (?r - robot ?d - dock ?z - zone)
    :precondition (and (at ?r ?z) (dock-in ?d ?z) (not (raised ?d)))
    :effect (raised ?d))

  (:action lower-door
    :parameters (?r - robot ?d - dock ?z - zone)
    :precondition (and (at ?r ?z) (dock-in ?d ?z) (raised ?d))
    :effect (not (raised ?d)))

  (:action scan
    :parameters (?r - robot ?l - load ?z - zone)
    :precondition (and (at ?r ?z) (scanner-in ?z) (carrying ?r ?l))
    :effect (scanned ?l))

  (:action grab
    :parameters (?r - robot ?b - box ?z - zone)
    :precondition (and (at ?r ?z) (lying ?b ?z) (empty ?r))
    :effect (and (carrying ?r ?b) (not (lying ?b ?z)) (not (empty ?r))))

  ; Heavy: it drains the battery.
  (:action lift
    :parameters (?r - robot ?p - pallet ?z - zone)
    :precondition (and (at ?r ?z) (lying ?p ?z) (empty ?r) (charged ?r))
    :effect (and (carrying ?r ?p) (not (lying ?p ?z)) (not (empty ?r)) (not (charged ?r))))

  (:action set-down
    :parameters (?r - robot ?l - load ?z - zone)
    :precondition (and (at ?r ?z) (carrying ?r ?l))
    :effect (and (lying ?l ?z) (empty ?r) (not (carrying ?r ?l))))

  (:action stow
    :parameters (?r - robot ?l - load ?s - shelf ?z - zone)
    :precondition (and (at ?r ?z) (shelf-in ?s ?z) (carrying ?r ?l) (scanned ?l))
    :effect (and (stowed ?l ?s) (empty ?r) (not (carrying ?r ?l))))

  (:action fetch
    :parameters (?r - robot ?l - load ?s - shelf ?z - zone)
    :precondition (and (at ?r ?z) (shelf-in ?s ?z) (stowed ?l ?s) (empty ?r))
    :effect (and (carrying ?r ?l) (not (stowed ?l ?s)) (not (empty ?r))))

  (:action put-in
    :parameters (?r - robot ?l - load ?d - dock ?z - zone)
    :precondition (and (at ?r ?z) (dock-in ?d ?z) (carrying ?r ?l) (raised ?d))
    :effect (and (loaded ?l ?d) (empty ?r) (not (carrying ?r ?l))))

  (:action take-out
    :parameters (?r - robot ?l - load ?d - dock ?z - zone)
    :precondition (and (at ?r ?z) (dock-in ?d ?z) (loaded ?l ?d) (empty ?r) (raised ?d))
    :effect (and (carrying ?r ?l) (not (loaded ?l ?d)) (not (empty ?r))))

  ; Nobody does these: they happen.
  (:action battery-runs-low
    :parameters (?r - robot)
    :precondition (charged ?r)
    :effect (not (charged ?r)))

  (:action door-drops
    :parameters (?d - dock)
    :precondition (raised ?d)
    :effect (not (raised ?d))))
