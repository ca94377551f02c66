from freezegun import freeze_time
from psycopg2.errors import RaiseException

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from . import common

PLH = {"acting_kind": "plh", "acting_from": "2031-03-10", "acting_to": "2031-03-12"}


@tagged("post_install", "-at_install")
class TestAppointments(common.LaporCase):
    """Who held which position, as what, appointed by whom: evidence that every change leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspector_position = cls.inspector.lapor_position_ids
        cls.position = cls.opd_head_position

    def _facts(self, position, since=0):
        entries = position.appointment_ids.sorted("sequence")
        return [(entry.code, entry.capacity, entry.user_id) for entry in entries][since:]

    def _broken(self):
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["lapor.appointment"]._broken_evidence()
        return [(one["reason"], one["res_id"]) for one in found]

    def _assert_told(self, position, facts):
        """These facts came last, and the entries agree with the position."""
        self.assertEqual(self._facts(position, -len(facts)), facts)
        self.assertEqual(self._broken(), [])

    def _leave(self, user, substitute, env=None, **days):
        return (env or self.env)["lapor.leave"].create(
            {
                "user_id": user.id,
                "company_id": self.company.id,
                "date_from": "2031-03-10",
                "date_to": "2031-03-12",
                "substitute_id": substitute.id,
                **days,
            }
        )

    def _job(self):
        self.env["lapor.position"]._cron_apply_dates()
        self.env.invalidate_all()

    # Every way leaves entries

    def test_a_holder_is_appointed_and_begins(self):
        self.assertEqual(
            self._facts(self.position),
            [
                ("appointed", "definitive", self.opd_head),
                ("begun", "definitive", self.opd_head),
            ],
        )
        vacant = self._make_position("Kosong", self.opd, "admin_opd")
        self.assertEqual(self._facts(vacant), [])
        self.assertEqual(self._broken(), [])

    def test_every_way_of_changing_a_holder_leaves_entries(self):
        position, old, new = self.position, self.opd_head, self.outsider
        ended = ("ended", "definitive", old)
        with freeze_time("2031-03-10 03:00:00"):
            position.user_id = new
            self._assert_told(
                position,
                [
                    ended,
                    ("revoked", "definitive", old),
                    ("appointed", "definitive", new),
                    ("begun", "definitive", new),
                ],
            )
            position.user_id = old
            position.write({"acting_user_id": new.id, **PLH})
            self._assert_told(position, [ended, ("appointed", "plh", new), ("begun", "plh", new)])
            position.acting_to = "2031-03-11"
            self._assert_told(
                position,
                [
                    ("ended", "plh", new),
                    ("revoked", "plh", new),
                    ("appointed", "plh", new),
                    ("begun", "plh", new),
                ],
            )
        with freeze_time("2031-03-14 03:00:00"):
            # The job did not run for two days; what it enters counts from the day it should have.
            self._job()
            self._assert_told(position, [("ended", "plh", new), ("begun", "definitive", old)])
            days = position.appointment_ids.sorted("sequence")[-2:].mapped("day")
            self.assertEqual([str(day) for day in days], ["2031-03-12", "2031-03-12"])
            position.write({"user_id": False, "acting_kind": "plt", "acting_to": False})
            self._assert_told(position, [("appointed", "plt", new), ("begun", "plt", new)])
            position.write({"acting_user_id": False, "user_id": old.id})
            self._assert_told(
                position, [("appointed", "definitive", old), ("begun", "definitive", old)]
            )
            days = {"date_from": "2031-03-14", "date_to": "2031-03-20"}
            leave = self._leave(old, new, **days)
            self._assert_told(
                position, [ended, ("appointed", "leave", new), ("begun", "leave", new)]
            )
            self.assertEqual(position.appointment_ids.sorted("sequence")[-1].stands_for_id, old)
            leave.substitute_id = self.engineer
            self._assert_told(
                position, [("appointed", "leave", self.engineer), ("begun", "leave", self.engineer)]
            )
            leave.unlink()
            self._assert_told(position, [("begun", "definitive", old)])
            old.active = False
            self._assert_told(position, [ended])
            old.active = True
            self._assert_told(position, [("begun", "definitive", old)])
            old.action_archive()
            old.action_unarchive()
            self._assert_told(position, [ended, ("begun", "definitive", old)])
            for change in (
                {"role_id": self.env.ref("lapor_base.role_sekretaris_opd").id},
                {"unit_id": self.other_opd.id},
            ):
                position.write(change)
                self._assert_told(
                    position,
                    [
                        ended,
                        ("revoked", "definitive", old),
                        ("appointed", "definitive", old),
                        ("begun", "definitive", old),
                    ],
                )
            position.active = False
            self._assert_told(position, [ended, ("revoked", "definitive", old)])
            position.action_unarchive()
            self._assert_told(
                position, [("appointed", "definitive", old), ("begun", "definitive", old)]
            )
            result = self.env["lapor.position"].load(
                ["name", "unit_id/.id", "role_id/.id", "user_id/.id"],
                [["Impor", str(self.opd.id), str(position.role_id.id), str(new.id)]],
            )
            imported = self.env["lapor.position"].browse(result["ids"])
            self._assert_told(
                imported, [("appointed", "definitive", new), ("begun", "definitive", new)]
            )

    def test_a_later_day_tells_who_decided_and_the_program_that_it_came(self):
        position = self.position.with_user(self.administrator)
        with freeze_time("2031-03-01 03:00:00"):
            position.write({"acting_user_id": self.outsider.id, **PLH})
            self._assert_told(self.position, [("appointed", "plh", self.outsider)])
            self.assertEqual(self.position.holder_id, self.opd_head)
        with freeze_time("2031-03-10 03:00:00"):
            self._job()
            begun = self.position.appointment_ids.sorted("sequence")[-1]
        self.assertEqual((begun.code, begun.capacity), ("begun", "plh"))
        self.assertEqual(begun.appointed_by_id, self.administrator)
        self.assertEqual(begun.entered_by_id, self.env.ref("base.user_root"))
        self.assertEqual(str(begun.day), "2031-03-10")
        self.assertEqual(begun.stands_for_id, self.opd_head)

    def test_particulars_are_kept_as_they_were(self):
        self.opd_head.write({"lapor_nip": "196704031994032008", "lapor_rank": "Pembina (IV/a)"})
        before = self.position.appointment_ids.sorted("sequence")[-1]
        self.assertEqual(before.code, "restated")
        moment = before.at
        with freeze_time("2031-03-10 03:00:00"):
            self.opd_head.lapor_rank = "Pembina Tk. I (IV/b)"
            self.position.name = "Kepala Dinas PUPR"
            self.opd.name = "Dinas Pekerjaan Umum"
            self._assert_told(self.position, [("restated", "definitive", self.opd_head)] * 3)
            now = self.position.appointment_ids.sorted("sequence")[-1]
            self.assertEqual(now.user_rank, "Pembina Tk. I (IV/b)")
            self.assertEqual(now.title, "Kepala Dinas PUPR")
            self.assertEqual(now.unit_name, "Dinas Pekerjaan Umum")
        at = self.env["lapor.appointment"]._at(self.position, moment)
        self.assertEqual((at.user_rank, at.title), ("Pembina (IV/a)", "Kepala DPUPR"))

    def test_nobody_changes_his_own_particulars(self):
        name = self.opd_head.name
        own = self.opd_head.with_user(self.opd_head)
        with self.assertRaises(AccessError):
            own.sudo().name = "Kepala (Bupati)"
        with self.assertRaises(AccessError):
            own.lapor_nip = "1"
        own.sudo().lapor_nip = "1"
        last = self.position.appointment_ids.sorted("sequence")[-1]
        self.assertEqual((last.code, last.user_name), ("begun", name))

    # Append-only

    def test_entries_are_never_changed_nor_written_by_hand(self):
        entry = self.position.appointment_ids[:1]
        for act in (
            lambda: entry.write({"day": "2020-01-01"}),
            entry.unlink,
            entry.copy,
            lambda: self.env["lapor.appointment"].create({"position_id": self.position.id}),
        ):
            with self.assertRaises(UserError):
                act()
        for user in (self.administrator, self.opd_head):
            with self.assertRaises(AccessError):
                entry.with_user(user).check_access("create")
        self.env.flush_all()
        for statement in (
            "UPDATE lapor_appointment SET day = day",
            "DELETE FROM lapor_appointment",
            "TRUNCATE lapor_appointment CASCADE",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(RaiseException),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(statement))

    def _behind_the_back(self, table, change, record):
        """Change a row as somebody who reaches the database; what is shown then."""
        act = f"UPDATE {table} SET {change}" if change else f"DELETE FROM {table}"
        self.env.flush_all()
        self.env.cr.execute(SQL(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        self.env.cr.execute(SQL(f"{act} WHERE id = %s", record.id))
        self.env.cr.execute(SQL(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return [reason for reason, _record in self._broken()]

    def test_what_is_changed_behind_the_program_shows(self):
        entry = self.position.appointment_ids.sorted("sequence")[0]
        last = self.env["lapor.appointment"].search(
            [("company_id", "=", self.company.id)], order="sequence desc", limit=1
        )
        later = "acting_user_id = %s, acting_kind = 'plh', acting_from = '2099-01-01'"
        for reason, record, change in (
            ("facts", entry, "user_rank = 'X'"),
            ("facts", entry, "day = '2020-01-01'"),
            ("facts", entry, f"appointed_by_id = {self.head.id}"),
            ("gap", entry, ""),
            ("holder", last, ""),
            ("holder", self.position, f"holder_id = {self.head.id}"),
            ("appointed", self.position, later % self.head.id),
        ):
            with self.subTest(f"{record}: {change}"):
                with self.env.cr.savepoint() as savepoint:
                    self.assertIn(reason, self._behind_the_back(record._table, change, record))
                    self.env.cr.clear()
                    savepoint.rollback()
                self.env.invalidate_all()
                self.assertEqual(self._broken(), [])

    def test_tips_are_the_ends_of_the_chains(self):
        last = self.env["lapor.appointment"].search(
            [("company_id", "=", self.company.id)], order="sequence desc", limit=1
        )
        tips = self.env["lapor.appointment"]._tips()
        self.assertEqual(tips[self.company.id], [last.sequence, last.hash])

    # Nobody appoints himself

    def test_nobody_appoints_himself_by_whatever_way(self):
        self._make_position("Umum", self.manager, "unit_teknis", self.administrator)
        mine = self.administrator.lapor_position_ids.with_user(self.administrator)
        me = self.administrator
        env = mine.env
        inspects = self.env.ref("lapor_base.role_apip")
        oversees = self.env.ref("lapor_base.role_tim_koordinasi")
        coordinates = self.env.ref("lapor_base.role_kepala_dinas")
        vacant = self._make_position("Inspektur Pembantu", self.other_opd, "apip")
        vacant = vacant.with_env(env)
        inspector = self.inspector_position.with_env(env)
        later = {"acting_user_id": me.id, **PLH}
        first, last = (fields.Date.add(fields.Date.today(), days=days) for days in (-1, 1))
        away = self._leave(self.engineer, me, date_from=first, date_to=last)
        ways = {
            f"a new position that {name}": lambda role=role: env["lapor.position"].create(
                {
                    "name": "Baru",
                    "unit_id": self.manager.id,
                    "role_id": role.id,
                    "user_id": me.id,
                }
            )
            for name, role in (
                ("inspects", inspects),
                ("oversees", oversees),
                ("coordinates", coordinates),
            )
        } | {
            "definitive": lambda: vacant.write({"user_id": me.id}),
            "Plt.": lambda: vacant.write({**later, "acting_kind": "plt"}),
            "Plh. on a later day": lambda: inspector.write(later),
            "substitute": lambda: self._leave(self.inspector, me, env),
            "substitute, changed": lambda: self._leave(self.inspector, self.head, env).write(
                {"substitute_id": me.id}
            ),
            "leave of somebody already there": lambda: self._leave(self.overseer, me, env),
            "another role for one's own position": lambda: mine.write({"role_id": inspects.id}),
            "of whom one stands in for": lambda: vacant.write({"user_id": self.engineer.id}),
            "import": lambda: self._load(env, vacant, me),
            "the user's list of positions": lambda: (
                me.with_env(env).sudo().write({"lapor_position_ids": [Command.link(vacant.id)]})
            ),
            "who acts": lambda: vacant.write({"holder_id": me.id}),
            "a flag of one's own role": lambda: mine.role_id.sudo().write({"inspects": True}),
        }
        for way, act in ways.items():
            with self.subTest(way), self.assertRaises(UserError):
                act()
            self.env.invalidate_all()
            self.assertFalse(me.lapor_inspected_company_ids | me.lapor_overseen_company_ids)
        away.unlink()
        vacant.write({"user_id": self.engineer.id})
        self.assertEqual(self._broken(), [])

    def _load(self, env, position, user):
        data = env["lapor.position"].load(
            [".id", "user_id/.id"], [[str(position.id), str(user.id)]]
        )
        if not data["ids"]:
            raise UserError(data["messages"][0]["message"])

    def test_a_unit_is_not_made_one_that_its_own_head_coordinates(self):
        self._make_position("Kepala", self.opd, "kepala_dinas", self.administrator)
        with self.assertRefused("Nobody appoints himself", AccessError):
            self.opd.with_user(self.administrator).kind = "manager"

    def test_one_s_own_time_as_plh_is_not_made_longer_by_oneself(self):
        self.inspector_position.write({"acting_user_id": self.administrator.id, **PLH})
        own = self.inspector_position.with_user(self.administrator)
        own.name = "Inspektur Daerah"
        own.acting_to = "2031-03-11"
        with self.assertRefused("Nobody appoints himself", AccessError):
            own.acting_to = "2031-04-12"
        with self.assertRefused("Nobody appoints himself", AccessError):
            own.acting_from = "2031-03-01"

    def test_the_first_one_of_a_government_may_be_the_system_administrator(self):
        company = self.env["res.company"].create({"name": "Pemkab Baru", "lapor_code": "BRU"})
        admin = self._make_officer(
            "sistem", "Administrator Sistem", "base.group_system,lapor_base.group_lapor_admin"
        )
        admin.company_ids += company
        env = self.env(user=admin, context={"allowed_company_ids": company.ids})
        unit = env["lapor.unit"].create(
            {"name": "Kominfo", "code": "K", "kind": "manager", "company_id": company.id}
        )
        values = {"unit_id": unit.id, "role_id": self.env.ref("lapor_base.role_kepala_dinas").id}
        first = env["lapor.position"].create({**values, "name": "Kepala", "user_id": admin.id})
        self.assertEqual(first.appointment_ids[:1].appointed_by_id, admin)
        other = self._make_officer("lain", "Pegawai Lain")
        env["lapor.position"].create({**values, "name": "Kabid", "user_id": other.id})
        values["role_id"] = self.env.ref("lapor_base.role_apip").id
        with self.assertRefused("Nobody appoints himself", AccessError):
            env["lapor.position"].create({**values, "name": "Inspektur", "user_id": admin.id})

    # Who is told

    def test_inspectorate_is_told_of_appointments_that_watch(self):
        inspectors = self.inspector.partner_id
        Message = self.env["mail.message"]
        told = [("partner_ids", "in", inspectors.ids), ("model", "=", "lapor.position")]
        before = Message.search(told)
        position = self.operator_position.with_user(self.administrator)
        position.write({"acting_user_id": self.outsider.id, **PLH})
        self.opd_admin_position.with_user(self.administrator).user_id = self.head
        new = Message.search(told) - before
        self.assertEqual(new.mapped("res_id"), position.ids)
        self.assertIn("Admin Dinkes", new.body)
        self.assertIn("Administrator Aduan", new.body)
        self.assertTrue(new.notification_ids)
        before |= new
        # Whoever is no inspector any more learns who took his place.
        self.inspector_position.with_user(self.administrator).user_id = self.head
        new = Message.search(told) - before
        self.assertEqual(new.mapped("res_id"), self.inspector_position.ids)

    # Archived, not deleted

    def test_a_position_ever_held_is_not_deleted(self):
        position = self._make_position("Sekejap", self.opd, "admin_opd", self.outsider)
        position.user_id = False
        with self.assertRefused("Archive it instead", ValidationError):
            position.with_user(self.administrator).unlink()
        self._make_position("Kosong", self.opd, "admin_opd").unlink()

    def test_a_user_with_a_history_is_archived_in_words(self):
        self._make_complaint()
        for user in (self.operator, self.outsider):
            with self.subTest(user.name), self.assertRefused("Archive the user"):
                user.unlink()
        self._make_officer("tamu", "Tanpa Riwayat").unlink()
