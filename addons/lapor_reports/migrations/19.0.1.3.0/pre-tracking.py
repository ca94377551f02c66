"""Wrong tracking codes are counted for each number; what was noted of addresses goes."""


def migrate(cr, version):
    if version:
        cr.execute("DELETE FROM lapor_tracking_try")
        cr.execute("ALTER TABLE lapor_tracking_try DROP COLUMN IF EXISTS sender")
