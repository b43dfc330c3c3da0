"""People: roles, accounts and tokens, approvals by a second person, break-glass."""
