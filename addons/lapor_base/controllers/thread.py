from odoo.http import request

from odoo.addons.mail.controllers.thread import ThreadController


class CaseThreadController(ThreadController):
    """What is written in the thread of a case over HTTP: the core posts it as the system, so that
    who is mentioned, and what kind of message it is, is asked for before, as the user."""

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        if isinstance(thread, request.env.registry["lapor.thread.mixin"]):
            thread.sudo(False)._check_stays_inside(values)
        return values
