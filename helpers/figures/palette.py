"""Every color that the drawings name, by what it stands for.

Curves and bars take theirs, `"C0"` to `"C7"`, from `lesson.mplstyle`.
"""

INK = "#444444"  # arrows and lines
OUTLINE = "#555555"  # around boxes and blocks, and the lines between them

# Boxes and arrows
BOX, MARKED_BOX = "#DCEBF6", "#FBE0B5"

# What flows through a network, and the layers that make it: a block of a network and
# the shapes on the way are drawn alike.
PICTURE, MAPS, VECTOR = "#E4E4E4", "#CFE3F3", "#FBE0B5"
JOIN, CONVOLUTION, POOLING = PICTURE, MAPS, VECTOR

# Verdicts, by their first word
VERDICTS = {
    "fits": "#B9D9EC",
    "scores": "#F9E7A8",  # the right answers, but no probabilities
    "silent": "#F6C8A4",
    "error": "#EEEEEE",
}

# Two classes on a plane: the blue and the orange of the curves
TWO_CLASSES = ("#0072B2", "#D55E00")
