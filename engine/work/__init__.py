"""What waits: tasks, jobs, timers, messages, deadlines, calendars, incidents."""
