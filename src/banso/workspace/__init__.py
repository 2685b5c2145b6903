"""Users, teams, roles, permissions, audit log, company settings and background jobs."""
