(define (problem halls-a)
  (:domain warehouse)
  (:objects
    yard west-front west-back east-front east-back - zone
    rolf vera - robot
    tea soap rice lamps - box
    tiles pipes - pallet
    shelf1 shelf2 - shelf
    door1 door2 - dock)
  (:init
    (aisle yard west-front) (aisle west-front yard) (aisle west-front west-back) (aisle west-back west-front)
    (aisle yard east-front) (aisle east-front yard) (aisle east-front east-back) (aisle east-back east-front)
    (shelf-in shelf1 west-back) (shelf-in shelf2 east-back) (dock-in door1 west-back)
    (dock-in door2 east-back) (scanner-in west-front) (scanner-in east-front) (charger-in west-front)
    (charger-in east-front)
    (at rolf west-front) (empty rolf) (at vera east-front) (empty vera) (charged rolf) (charged vera)
    (lying tea west-front) (lying tiles west-back) (lying rice east-front) (lying pipes east-back)
    (stowed soap shelf1) (stowed lamps shelf2))
  (:goal (and
    (stowed tea shelf1) (loaded soap door1) (stowed tiles shelf1) (stowed rice shelf2) (loaded lamps door2)
    (stowed pipes shelf2))))
