from odoo.fields import Command

from odoo.addons.mail.tests.common import MailCase


class PostCase(MailCase):
    """Odoo's helpers for mail with a domain of aliases and outgoing servers.

    Without the companies and people that ``MailCommon`` makes for each class of tests: nearly
    every class of ours starts here, and they are most of what that costs.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls._init_mail_servers()

    @classmethod
    def _make_users(cls, *people, groups="base.group_user"):
        """Users who are not invited by mail, made in one go; the password is the login.

        :param people: dict of values for each, with ``login``
        :param str groups: XML ids, with commas between them
        """
        common = {
            "group_ids": [Command.set([cls.env.ref(name).id for name in groups.split(",")])],
            "notification_type": "inbox",
            "tz": "Asia/Jakarta",
        }
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": person["login"],
                        "email": f"{person['login']}@contoh.example",
                        "password": person["login"].ljust(12, "x"),
                        **common,
                        **person,
                    }
                    for person in people
                ]
            )
            .with_env(cls.env)
        )
