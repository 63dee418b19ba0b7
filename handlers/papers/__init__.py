"""What the body's papers say: each module turns the variables of a case into the words one template lays out.

The layout is in `handlers/templates/*.typ`; nothing there decides anything.
"""
