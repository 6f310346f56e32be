(define (problem stocking-b)
  (:domain warehouse)
  (:objects
    ramp square alley corner - zone
    vera - robot
    wax oats salt - box
    bricks - pallet
    rack1 rack2 - shelf)
  (:init
    (aisle ramp square) (aisle square ramp) (aisle square alley) (aisle alley square) (aisle alley corner)
    (aisle corner alley)
    (shelf-in rack1 alley) (shelf-in rack2 corner) (scanner-in square) (charger-in ramp)
    (at vera ramp) (empty vera)
    (lying wax ramp) (lying oats corner) (lying bricks ramp) (stowed salt rack1))
  (:goal (and
    (stowed wax rack1) (stowed oats rack1) (stowed salt rack2) (stowed bricks rack2))))
