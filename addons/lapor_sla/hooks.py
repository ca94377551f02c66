def start_clocks(env):
    """Give the cases that are open when the addon is installed their clocks."""
    visits = env["lapor.complaint.step"].search([("state", "=", "open")])
    visits._start_clocks()
    env["lapor.complaint"].search([("phase", "!=", "closed")])._sync_clocks()
