"""Changing processes safely, above the commands: rehearsals and scenarios in virtual time."""
