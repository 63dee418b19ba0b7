"""Runs any diagram: definitions, people, forms, jobs, deadlines. Knows no certification and no Flask.

The way in is `engine.service.Engine` (commands) and `engine.queries` (reads); `docs/architecture.md` tells what lives where.
"""

VERSION = "0.1.0"
