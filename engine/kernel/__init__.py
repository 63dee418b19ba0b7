"""Moves the tokens: the only importer of SpiffWorkflow, behind `Program` (a parsed definition) and `Run` (one instance in memory).

Another kernel could stand behind the same two names.
"""
