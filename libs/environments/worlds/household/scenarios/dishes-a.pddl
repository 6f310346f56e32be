(define (problem dishes-a)
  (:domain household)
  (:objects
    kitchen hall bedroom study - room
    robby - robot
    plate cup glass saucer - dish
    counter stand nightstand desk - surface
    cupboard cabinet - container
    dishwasher - dishwasher)
  (:init
    (linked kitchen hall) (linked hall kitchen) (linked hall bedroom) (linked bedroom hall)
    (linked hall study) (linked study hall)
    (towel-in kitchen)
    (placed dishwasher kitchen) (placed cupboard kitchen) (placed cabinet hall) (placed counter kitchen)
    (placed stand hall) (placed nightstand bedroom) (placed desk study)
    (at robby hall) (free robby) (dry robby)
    (on plate stand) (on cup nightstand) (on glass desk) (in saucer cabinet) (open cupboard))
  (:goal (and
    (clean plate) (clean cup) (clean glass) (clean saucer) (in plate cupboard) (in cup cupboard)
    (in glass cabinet) (in saucer cabinet))))
