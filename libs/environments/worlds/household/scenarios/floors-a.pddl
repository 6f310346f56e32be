(define (problem floors-a)
  (:domain household)
  (:objects
    stairs kitchen dining-room pantry lounge - room
    robby ruby - robot
    plate glass cup bowl - dish
    vase book - item
    counter table shelf desk - surface
    cupboard sideboard cabinet chest - container
    dishwasher washer - dishwasher)
  (:init
    (linked stairs kitchen) (linked kitchen stairs) (linked kitchen dining-room) (linked dining-room kitchen)
    (linked stairs pantry) (linked pantry stairs) (linked pantry lounge) (linked lounge pantry)
    (towel-in kitchen) (towel-in pantry)
    (placed cupboard kitchen) (placed dishwasher kitchen) (placed counter kitchen)
    (placed sideboard dining-room) (placed table dining-room) (placed cabinet pantry) (placed washer pantry)
    (placed shelf pantry) (placed chest lounge) (placed desk lounge)
    (at robby dining-room) (free robby) (dry robby) (at ruby lounge) (free ruby) (dry ruby)
    (on plate table) (in glass sideboard) (in vase cupboard) (open cupboard) (on cup desk) (in bowl chest)
    (in book cabinet) (open cabinet))
  (:goal (and
    (clean plate) (clean glass) (in plate cupboard) (in glass cupboard) (on vase table) (clean cup)
    (clean bowl) (in cup cabinet) (in bowl cabinet) (on book desk))))
