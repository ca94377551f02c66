from odoo.fields import Command

from .papers import PapersCase


class GovernmentsCase(PapersCase):
    """Another government beside that of the case, with an office and one user of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["res.company"].create(
            {"name": "Pemkab Sebelah", "lapor_code": "SBL"}
        )
        cls.env.user.company_ids += cls.neighbour
        own = {"company_id": cls.neighbour.id}
        cls.their_office = cls.env["lapor.unit"].create(
            {"name": "Kominfo", "code": "KOMINFO", "kind": "manager", **own}
        )
        cls.their_operator = cls._make_neighbour("operator")
        cls.their_head = cls._make_neighbour("head")
        cls.their_overseer = cls._make_neighbour("overseer")
        cls.their_inspector = cls._make_neighbour("inspector")
        cls.their_admin = cls._make_neighbour("admin", ",lapor_base.group_lapor_admin")
        for user, role in (
            (cls.their_operator, "admin_layanan"),
            (cls.their_head, "kepala_dinas"),
            (cls.their_overseer, "tim_koordinasi"),
            (cls.their_inspector, "apip"),
        ):
            cls._make_position(role, cls.their_office, role, user)
        cls.strangers = (
            cls.their_operator,
            cls.their_head,
            cls.their_overseer,
            cls.their_inspector,
            cls.their_admin,
        )

    @classmethod
    def _make_neighbour(cls, login, groups=""):
        return cls._make_users(
            {
                "login": f"neighbour_{login}",
                "company_id": cls.neighbour.id,
                "company_ids": [Command.set(cls.neighbour.ids)],
            },
            groups=f"base.group_user{groups}",
        )

    def _from_there(self, record, user):
        """The record as a user of the other government meets it."""
        return record.with_user(user).with_context(allowed_company_ids=self.neighbour.ids)
