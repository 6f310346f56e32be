(define (problem floors-b)
  (:domain household)
  (:objects
    landing galley veranda scullery parlor - room
    mona otto - robot
    platter goblet mug tray - dish
    lantern album - item
    worktop bench ledge console - surface
    locker buffet larder vitrine - container
    rinser cleaner - dishwasher)
  (:init
    (linked landing galley) (linked galley landing) (linked galley veranda) (linked veranda galley)
    (linked landing scullery) (linked scullery landing) (linked scullery parlor) (linked parlor scullery)
    (towel-in galley) (towel-in scullery)
    (placed locker galley) (placed rinser galley) (placed worktop galley) (placed buffet veranda)
    (placed bench veranda) (placed larder scullery) (placed cleaner scullery) (placed ledge scullery)
    (placed vitrine parlor) (placed console parlor)
    (at mona veranda) (free mona) (dry mona) (at otto parlor) (free otto) (dry otto)
    (on platter bench) (in goblet buffet) (in lantern locker) (open locker) (on mug console) (in tray vitrine)
    (in album larder) (open larder))
  (:goal (and
    (clean platter) (clean goblet) (in platter locker) (in goblet locker) (on lantern bench) (clean mug)
    (clean tray) (in mug larder) (in tray larder) (on album console))))
