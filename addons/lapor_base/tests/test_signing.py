from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestSigning(common.LaporCase):
    """Whoever signs, signs as himself: in the position in which he really acts at that moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sekda = cls._make_officer("sekda", "Sekretaris Daerah Uji")
        cls.sekda.write({"lapor_nip": "197001011990031001", "lapor_rank": "Pembina Utama (IV/e)"})
        secretariat = cls._make_unit("Sekretariat Daerah", "SETDA", "opd")
        cls.sekda_position = cls._make_position(
            "Sekretaris Daerah", secretariat, "tim_koordinasi", cls.sekda
        )
        (cls.opd_head_position | cls.head_position).parent_id = cls.sekda_position
        cls.system = cls._make_officer("sistem", "Admin Sistem", "base.group_system")

    def _to(self, number):
        complaint = self._make_complaint()
        self._walk_to(complaint, number)
        return complaint

    # Who never acts

    def test_whoever_only_administers_does_no_step(self):
        """At every step, held or vacant: neither offered, nor by the act, nor by the activity."""
        positions = self.operator_position | self.operator2_position
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        evidence = {
            "2": {"disposition": {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}},
            "3": {"response": {"body": "<p>Sudah kami tambal.</p>"}},
            "4": {"sign": True},
        }
        for number, vacated in (
            ("1", positions),
            ("2", self.head_position),
            ("3", self.engineer_position | self.opd_admin_position),
            ("4", self.opd_head_position),
            ("5", positions),
        ):
            complaint = self._to(number)
            for holders in (False, True):
                if holders:
                    users = {position: position.user_id for position in vacated}
                    vacated.write({"user_id": False})
                for user in (self.administrator, self.system, admin):
                    with self.subTest(number, vacant=holders, user=user.login):
                        visit = complaint.sudo().current_step_id
                        self.assertFalse(visit._may_act(user))
                        self.assertFalse(visit.position_id._is_acted_by(user))
                        own = complaint.with_user(user).with_context(
                            allowed_company_ids=self.company.ids
                        )
                        arrow = self._arrow(complaint, "close" if number == "5" else "forward")
                        with self.assertRaises(AccessError):
                            own.action_advance(arrow.id, note="Ya", **evidence.get(number, {}))
                        with self.assertRaises(AccessError):
                            own.action_take_over("Kosong")
                        if own.has_access("read"):
                            self.assertFalse(own._get_act_state()["may_act"])
                for position in vacated if holders else ():
                    position.user_id = users[position]

    # As what

    def _assert_signed(self, final, title, user, position):
        self.assertEqual(final.signer_title, title)
        self.assertEqual(final.signed_by_id, user)
        self.assertEqual(final.signer_position_id, position)
        entry = final.signer_appointment_id
        self.assertEqual((entry.user_id, entry.position_id), (user, position))
        event = final.complaint_id.event_ids.filtered(lambda event: event.code == "response_signed")
        self.assertEqual((event.user_id, event.position_id), (user, position))

    def test_superior_signs_for_a_vacant_position_as_himself(self):
        complaint = self._to("4")
        self.opd_head_position.user_id = False
        self._advance(complaint, self.sekda, sign=True)
        final = complaint.sudo()._final_response("signed")
        self._assert_signed(final, "Sekretaris Daerah", self.sekda, self.sekda_position)
        self.assertEqual(final.signing_office_id, self.opd)
        done = complaint.sudo().event_ids.filtered(
            lambda event: event.code == "step_done" and event.visit_id.kind == "sign"
        )
        self.assertEqual(done.position_id, self.sekda_position)

    def test_superior_who_takes_over_signs_as_himself(self):
        complaint = self._to("4")
        complaint.with_user(self.sekda).action_take_over("Kepala dinas berhalangan")
        self._advance(complaint, self.sekda, sign=True)
        final = complaint.sudo()._final_response("signed")
        self._assert_signed(final, "Sekretaris Daerah", self.sekda, self.sekda_position)

    def test_colleague_of_the_same_role_signs_in_the_own_position(self):
        second = self._make_position("Kepala UPT Jalan", self.opd, "kepala_opd", self.outsider)
        complaint = self._to("4")
        self._advance(complaint, self.outsider, sign=True)
        final = complaint.sudo()._final_response("signed")
        self._assert_signed(final, "Kepala UPT Jalan", self.outsider, second)

    def test_plt_plh_and_substitute_sign_with_their_word(self):
        plt = {"acting_user_id": self.outsider.id, "acting_from": "2020-01-01"}
        for word, change in (
            ("Plt. ", {**plt, "user_id": False, "acting_kind": "plt"}),
            ("Plh. ", {**plt, "user_id": self.opd_head.id, "acting_kind": "plh"}),
        ):
            with self.subTest(word):
                complaint = self._to("4")
                self.opd_head_position.write(change)
                self._advance(complaint, self.outsider, sign=True)
                final = complaint.sudo()._final_response("signed")
                self._assert_signed(
                    final, f"{word}Kepala DPUPR", self.outsider, self.opd_head_position
                )
                self.opd_head_position.write({"acting_user_id": False, "user_id": self.opd_head.id})

    def test_dispositions_name_who_really_issued_them(self):
        complaint = self._to("2")
        self.head_position.user_id = False
        lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
        self._advance(complaint, self.sekda, disposition=lead)
        disposition = complaint.sudo().disposition_ids
        self.assertEqual(disposition.from_title, "Sekretaris Daerah")
        self.assertEqual(disposition.from_name, "Sekretaris Daerah Uji")
        self.assertEqual(disposition.from_nip, "197001011990031001")
        self.assertEqual(disposition.from_position_id, self.sekda_position)
        # The sheet is the managing office's, where the step is.
        self.assertEqual(disposition._sheet()["office"], self.manager)

    def test_names_are_of_the_appointment_not_of_what_one_says_of_himself(self):
        with self.assertRaises(AccessError):
            self.opd_head.with_user(self.opd_head).sudo().name = "Kepala (Bupati)"
        complaint = self._to("4")
        self._advance(complaint, self.opd_head, sign=True)
        final = complaint.sudo()._final_response("signed")
        self.assertEqual(final.signer_appointment_id.user_name, "Kepala DPUPR")
        self.opd_head.lapor_rank = "Pembina (IV/a)"
        self.assertFalse(final.signer_appointment_id.user_rank)

    # Until when

    def test_plh_ends_with_his_last_day_although_the_job_has_not_run(self):
        complaint = self._to("4")
        plh = {"acting_user_id": self.outsider.id, "acting_kind": "plh"}
        with freeze_time("2031-03-10 03:00:00"):
            self.opd_head_position.write(
                {**plh, "acting_from": "2031-03-10", "acting_to": "2031-03-12"}
            )
            visit = complaint.sudo().current_step_id
            self.assertTrue(visit._may_act(self.outsider))
        # Twenty minutes after midnight in Jakarta; the job is still to come.
        with freeze_time("2031-03-12 17:20:00"):
            self.env.invalidate_all()
            self.assertEqual(self.opd_head_position.holder_id, self.outsider)
            self.assertFalse(visit._may_act(self.outsider))
            self.assertTrue(visit._may_act(self.opd_head))
            self.assertFalse(self.outsider.lapor_unit_ids & self.opd)
            with self.assertRaises(AccessError):
                self._advance(complaint, self.outsider, sign=True)
            self.env["lapor.position"]._cron_apply_dates()
            self.env.invalidate_all()
            self._advance(complaint, self.opd_head, sign=True)
            final = complaint.sudo()._final_response("signed")
            self._assert_signed(final, "Kepala DPUPR", self.opd_head, self.opd_head_position)

    def test_job_is_called_when_the_day_is_over(self):
        cron = self.env.ref("lapor_base.ir_cron_apply_positions")
        with freeze_time("2031-03-10 03:00:00"):
            self.opd_head_position.write(
                {
                    "acting_user_id": self.outsider.id,
                    "acting_kind": "plh",
                    "acting_from": "2031-03-10",
                    "acting_to": "2031-03-12",
                }
            )
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn("2031-03-12 17:00:00", [str(moment) for moment in triggers.mapped("call_at")])

    # Initials

    def test_whoever_signs_does_not_initial_in_another_position(self):
        self.opd.paraf_source = "list"
        secretary = self._make_position("Sekretaris", self.opd, "sekretaris_opd", self.opd_head)
        self.env["lapor.paraf.rule"].create({"unit_id": self.opd.id, "position_id": secretary.id})
        complaint = self._to("4")
        response = complaint.sudo()._final_response("submitted")
        self.assertEqual(response.paraf_ids.mapped("state"), ["own"])
        self.assertFalse(response.next_paraf_id)
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(response.state, "signed")
        # Who signs may turn out only at signing.
        secretary.user_id = self.outsider
        other = self._to("4")
        secretary.user_id = self.opd_head
        self._advance(other, self.opd_head, sign=True)
        self.assertEqual(other.sudo().response_ids.paraf_ids.mapped("state"), ["own"])
