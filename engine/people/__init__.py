"""Who may do what: people, their groups, their accounts, and the reason when they may not."""
