(define (problem dispatch-a)
  (:domain warehouse)
  (:objects
    store cross north-dock south-dock - zone
    rolf - robot
    lamps paper - box
    cement pipes - pallet
    shelf1 - shelf
    door1 door2 - dock)
  (:init
    (aisle store cross) (aisle cross store) (aisle cross north-dock) (aisle north-dock cross)
    (aisle cross south-dock) (aisle south-dock cross)
    (shelf-in shelf1 store) (dock-in door1 north-dock) (dock-in door2 south-dock) (scanner-in store)
    (charger-in store)
    (at rolf cross) (empty rolf) (charged rolf)
    (lying paper cross) (lying cement store) (lying pipes north-dock) (stowed lamps shelf1))
  (:goal (and
    (loaded lamps door1) (loaded paper door2) (loaded cement door1) (loaded pipes door2))))
