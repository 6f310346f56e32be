(define (problem breakfast-a)
  (:domain household)
  (:objects
    kitchen hall dining-room - room
    robby - robot
    milk cereal bread - food
    bowl spoon - dish
    counter table - surface
    fridge cupboard sideboard - container
    oven - oven)
  (:init
    (linked kitchen hall) (linked hall kitchen) (linked hall dining-room) (linked dining-room hall)
    (towel-in kitchen) (sink-in kitchen)
    (placed fridge kitchen) (placed cupboard kitchen) (placed oven kitchen) (placed counter kitchen)
    (placed sideboard hall) (placed table dining-room)
    (at robby dining-room) (free robby) (dry robby)
    (in milk fridge) (in cereal sideboard) (in bowl cupboard) (on spoon counter) (on bread counter)
    (open cupboard))
  (:goal (and
    (on milk table) (on cereal table) (on bowl table) (clean bowl) (cooked bread) (on bread table)
    (on spoon table) (clean spoon))))
