(define (problem rush-b)
  (:domain warehouse)
  (:objects
    north north-hub court south-hub south - zone
    nils ida - robot
    ropes paint salt - box
    gravel beams - pallet
    rack1 rack2 - shelf
    gate1 gate2 - dock)
  (:init
    (aisle north north-hub) (aisle north-hub north) (aisle north-hub court) (aisle court north-hub)
    (aisle court south-hub) (aisle south-hub court) (aisle south-hub south) (aisle south south-hub)
    (shelf-in rack1 north) (shelf-in rack2 south) (dock-in gate1 north) (dock-in gate2 south)
    (scanner-in north-hub) (scanner-in south-hub) (charger-in north-hub) (charger-in south-hub)
    (at nils north) (empty nils) (at ida south) (empty ida) (charged nils)
    (lying ropes north) (lying paint south) (lying gravel north) (lying beams south-hub) (stowed salt rack2))
  (:goal (and
    (stowed ropes rack1) (stowed paint rack2) (loaded salt gate2) (loaded gravel gate1) (loaded beams gate2))))
