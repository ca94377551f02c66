from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """A counter per book becomes one line per number: the last number is the first line."""
    if column_exists(cr, "lapor_agenda", "last"):
        rename_column(cr, "lapor_agenda", "last", "seq")
