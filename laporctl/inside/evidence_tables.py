"""Run in Odoo's shell: name the tables whose rows are evidence, in one line after a mark."""

print("evidence tables:", ",".join(env["lapor.event"]._evidence_tables()), flush=True)
