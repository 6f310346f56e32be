(define (problem dishes-b)
  (:domain household)
  (:objects
    galley corridor nursery attic - room
    robby - robot
    platter mug goblet tray - dish
    worktop console dresser trunk - surface
    locker vitrine - container
    washer - dishwasher)
  (:init
    (linked galley corridor) (linked corridor galley) (linked corridor nursery) (linked nursery corridor)
    (linked corridor attic) (linked attic corridor)
    (towel-in galley)
    (placed washer galley) (placed locker galley) (placed vitrine corridor) (placed worktop galley)
    (placed console corridor) (placed dresser nursery) (placed trunk attic)
    (at robby nursery) (free robby) (dry robby)
    (on platter console) (on mug dresser) (on goblet trunk) (in tray vitrine) (open locker))
  (:goal (and
    (clean platter) (clean mug) (clean goblet) (clean tray) (in platter locker) (in mug locker)
    (in goblet vitrine) (in tray vitrine))))
