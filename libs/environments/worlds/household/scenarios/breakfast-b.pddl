(define (problem breakfast-b)
  (:domain household)
  (:objects
    galley corridor veranda - room
    robby - robot
    yogurt muesli bun - food
    beaker fork - dish
    worktop bench - surface
    icebox drawer chest - container
    stove - oven)
  (:init
    (linked galley corridor) (linked corridor galley) (linked corridor veranda) (linked veranda corridor)
    (towel-in galley) (sink-in galley)
    (placed icebox galley) (placed drawer galley) (placed stove galley) (placed worktop galley)
    (placed chest corridor) (placed bench veranda)
    (at robby corridor) (free robby) (dry robby)
    (in yogurt icebox) (in muesli chest) (in beaker drawer) (on fork worktop) (on bun worktop) (open drawer))
  (:goal (and
    (on yogurt bench) (on muesli bench) (on beaker bench) (clean beaker) (cooked bun) (on bun bench)
    (on fork bench) (clean fork))))
