(define (problem dinner-a)
  (:domain household)
  (:objects
    kitchen hall dining-room lounge - room
    robby ruby - robot
    roast pie salad - food
    plate glass - dish
    candle - item
    counter table stand - surface
    fridge sideboard chest - container
    oven - oven)
  (:init
    (linked kitchen hall) (linked hall kitchen) (linked hall dining-room) (linked dining-room hall)
    (linked dining-room lounge) (linked lounge dining-room)
    (towel-in kitchen) (towel-in lounge) (sink-in lounge)
    (placed fridge kitchen) (placed oven kitchen) (placed counter kitchen) (placed sideboard dining-room)
    (placed table dining-room) (placed chest lounge) (placed stand lounge)
    (at robby kitchen) (free robby) (dry robby) (at ruby lounge) (free ruby) (dry ruby)
    (in roast fridge) (in pie fridge) (on salad counter) (in plate sideboard) (in glass chest)
    (on candle stand))
  (:goal (and
    (cooked roast) (cooked pie) (on roast counter) (on pie counter) (clean plate) (clean glass)
    (on plate table) (on glass table) (on candle table) (in salad fridge))))
