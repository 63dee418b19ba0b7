"""Diagrams as pictures: SVG written by the server, which needs no script, prints, and reads in both themes."""

from web.drawing.marks import Link, Marks
from web.drawing.picture import Picture, draw

__all__ = ["Link", "Marks", "Picture", "draw"]
