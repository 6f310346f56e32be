(define (problem halls-b)
  (:domain warehouse)
  (:objects
    court upper-front upper-back lower-front lower-back - zone
    nils ida - robot
    wax oats salt ropes - box
    bricks beams - pallet
    rack1 rack2 - shelf
    gate1 gate2 - dock)
  (:init
    (aisle court upper-front) (aisle upper-front court) (aisle upper-front upper-back)
    (aisle upper-back upper-front) (aisle court lower-front) (aisle lower-front court)
    (aisle lower-front lower-back) (aisle lower-back lower-front)
    (shelf-in rack1 upper-back) (shelf-in rack2 lower-back) (dock-in gate1 upper-back)
    (dock-in gate2 lower-back) (scanner-in upper-front) (scanner-in lower-front) (charger-in upper-front)
    (charger-in lower-front)
    (at nils upper-front) (empty nils) (at ida lower-front) (empty ida) (charged nils) (charged ida)
    (lying wax upper-front) (lying bricks upper-back) (lying salt lower-front) (lying beams lower-back)
    (stowed oats rack1) (stowed ropes rack2))
  (:goal (and
    (stowed wax rack1) (loaded oats gate1) (stowed bricks rack1) (stowed salt rack2) (loaded ropes gate2)
    (stowed beams rack2))))
