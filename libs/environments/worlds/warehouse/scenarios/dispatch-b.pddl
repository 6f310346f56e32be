(define (problem dispatch-b)
  (:domain warehouse)
  (:objects
    depot junction east-dock west-dock - zone
    vera - robot
    ropes paint - box
    gravel beams - pallet
    rack1 - shelf
    gate1 gate2 - dock)
  (:init
    (aisle depot junction) (aisle junction depot) (aisle junction east-dock) (aisle east-dock junction)
    (aisle junction west-dock) (aisle west-dock junction)
    (shelf-in rack1 depot) (dock-in gate1 east-dock) (dock-in gate2 west-dock) (scanner-in depot)
    (charger-in depot)
    (at vera junction) (empty vera) (charged vera)
    (lying paint junction) (lying gravel depot) (lying beams east-dock) (stowed ropes rack1))
  (:goal (and
    (loaded ropes gate1) (loaded paint gate2) (loaded gravel gate1) (loaded beams gate2))))
