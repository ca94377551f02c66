def migrate(cr, version):
    """Replies to holds that are open wait to be looked at, as nobody has said anything of them."""
    cr.execute(
        """
        UPDATE lapor_hold SET reply_waits_at = replied_at
         WHERE ended_at IS NULL AND replied_at IS NOT NULL
        """
    )
