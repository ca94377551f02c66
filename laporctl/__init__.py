"""What stands behind ``./lapor``: it fetches, installs, serves and tests Odoo with our addons.

Python's standard library only: it runs before anything is installed.
"""
