(define (problem rush-a)
  (:domain warehouse)
  (:objects
    west west-hub yard east-hub east - zone
    rolf vera - robot
    lamps paper tea - box
    cement pipes - pallet
    shelf1 shelf2 - shelf
    door1 door2 - dock)
  (:init
    (aisle west west-hub) (aisle west-hub west) (aisle west-hub yard) (aisle yard west-hub)
    (aisle yard east-hub) (aisle east-hub yard) (aisle east-hub east) (aisle east east-hub)
    (shelf-in shelf1 west) (shelf-in shelf2 east) (dock-in door1 west) (dock-in door2 east)
    (scanner-in west-hub) (scanner-in east-hub) (charger-in west-hub) (charger-in east-hub)
    (at rolf west) (empty rolf) (at vera east) (empty vera) (charged rolf)
    (lying lamps west) (lying paper east) (lying cement west) (lying pipes east-hub) (stowed tea shelf2))
  (:goal (and
    (stowed lamps shelf1) (stowed paper shelf2) (loaded tea door2) (loaded cement door1) (loaded pipes door2))))
