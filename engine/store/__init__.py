"""Where the engine keeps its rows: tables, the unit of work, the outbox. Knows no kernel."""
