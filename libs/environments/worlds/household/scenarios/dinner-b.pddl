(define (problem dinner-b)
  (:domain household)
  (:objects
    galley corridor veranda parlor - room
    mona otto - robot
    trout quiche soup - food
    platter goblet - dish
    lantern - item
    worktop bench console - surface
    icebox buffet vitrine - container
    stove - oven)
  (:init
    (linked galley corridor) (linked corridor galley) (linked corridor veranda) (linked veranda corridor)
    (linked veranda parlor) (linked parlor veranda)
    (towel-in galley) (towel-in parlor) (sink-in parlor)
    (placed icebox galley) (placed stove galley) (placed worktop galley) (placed buffet veranda)
    (placed bench veranda) (placed vitrine parlor) (placed console parlor)
    (at mona galley) (free mona) (dry mona) (at otto parlor) (free otto) (dry otto)
    (in trout icebox) (in quiche icebox) (on soup worktop) (in platter buffet) (in goblet vitrine)
    (on lantern console))
  (:goal (and
    (cooked trout) (cooked quiche) (on trout worktop) (on quiche worktop) (clean platter) (clean goblet)
    (on platter bench) (on goblet bench) (on lantern bench) (in soup icebox))))
