(define (problem stocking-a)
  (:domain warehouse)
  (:objects
    gate bay middle rear - zone
    rolf - robot
    tea soap rice - box
    tiles - pallet
    shelf1 shelf2 - shelf)
  (:init
    (aisle gate bay) (aisle bay gate) (aisle bay middle) (aisle middle bay) (aisle middle rear)
    (aisle rear middle)
    (shelf-in shelf1 middle) (shelf-in shelf2 rear) (scanner-in bay) (charger-in gate)
    (at rolf gate) (empty rolf)
    (lying tea gate) (lying soap rear) (lying tiles gate) (stowed rice shelf1))
  (:goal (and
    (stowed tea shelf1) (stowed soap shelf1) (stowed rice shelf2) (stowed tiles shelf2))))
