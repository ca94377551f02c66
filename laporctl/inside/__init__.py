"""What runs inside Odoo's own Python, where its packages are at hand.

Scripts given to Odoo's shell (they find ``env``, ``ARGUMENTS`` and ``report``), and modules that
they or the tests import.
"""
