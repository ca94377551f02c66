from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import common

OTHER = {"response": {"body": "<p>Jalan kami tambal tanggal 5.</p>"}}


@tagged("post_install", "-at_install")
class TestParaf(common.LaporCase):
    """A response is initialled in order before it is signed; each text is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._make_officer("secretary", "Sekretaris DPUPR")
        cls.secretary_position = cls._make_position(
            "Sekretaris DPUPR", cls.opd, "sekretaris_opd", cls.secretary, cls.opd_head_position
        )
        cls.opd.write(
            {
                "paraf_source": "list",
                "paraf_rule_ids": [
                    Command.create(
                        {"role_id": cls.env.ref("lapor_base.role_admin_opd").id, "sequence": 1}
                    ),
                    Command.create({"position_id": cls.secretary_position.id, "sequence": 2}),
                ],
            }
        )

    def _drafted(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        return complaint, complaint.sudo().response_ids

    def _states(self, response):
        self.env.invalidate_all()
        return [
            (paraf.position_id, paraf.state)
            for paraf in response.paraf_ids.filtered(
                lambda paraf: paraf.version == response.version
            )
        ]

    def _turns(self, complaint):
        """Whose activity says that a paper waits."""
        self.env.invalidate_all()
        return complaint.sudo().activity_ids.filtered("lapor_turn_model").user_id

    def test_initials_are_given_in_order_and_then_it_is_signed(self):
        complaint, response = self._drafted()
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "waiting"), (self.secretary_position, "waiting")],
        )
        self.assertEqual(self._turns(complaint), self.opd_admin)
        with self.assertRefused("comes next", AccessError):
            response.with_user(self.secretary).action_paraf()
        with self.assertRefused("initials of"):
            self._advance(complaint, self.opd_head, sign=True)
        response.with_user(self.opd_admin).action_paraf("Sudah sesuai")
        self.assertEqual(self._turns(complaint), self.secretary)
        with self.assertRefused("initials of"):
            self._advance(complaint, self.opd_head, sign=True)
        with self.assertRefused("comes next", AccessError):
            response.with_user(self.opd_admin).action_paraf()
        response.with_user(self.secretary).action_paraf()
        self.assertFalse(self._turns(complaint))
        first, second = response.paraf_ids
        self.assertEqual(
            (first.user_id, first.title, first.note),
            (self.opd_admin, "Admin DPUPR", "Sudah sesuai"),
        )
        self.assertTrue(second.at)
        with self.assertRefused("no initial any more"):
            response.with_user(self.secretary).action_paraf()
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(response.state, "signed")
        initialled = complaint.event_ids.filtered(lambda event: event.code == "response_initialled")
        self.assertEqual(initialled.user_id, self.opd_admin | self.secretary)
        self.assertEqual(initialled[0].data["hash"], response.version_ids.text_hash)

    def test_plh_initials_in_place_of_the_holder(self):
        complaint, response = self._drafted()
        self.opd_admin_position.write(
            {"acting_user_id": self.outsider.id, "acting_kind": "plh", "acting_from": "2020-01-01"}
        )
        self.assertEqual(self._turns(complaint), self.outsider)
        with self.assertRaises(AccessError):
            response.with_user(self.opd_admin).action_paraf()
        response.with_user(self.outsider).action_paraf()
        self.assertEqual(response.paraf_ids[0].title, "Plh. Admin DPUPR")

    def test_vacant_position_is_passed_over_and_asked_again_when_it_is_filled(self):
        self.opd_admin_position.user_id = False
        complaint, response = self._drafted()
        self.assertEqual(self._turns(complaint), self.secretary)
        self.opd_admin_position.user_id = self.outsider
        self.assertEqual(self._turns(complaint), self.outsider)
        self.opd_admin_position.user_id = False
        response.with_user(self.secretary).action_paraf()
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "skipped"), (self.secretary_position, "given")],
        )

    def test_refused_initial_returns_the_draft_with_the_note(self):
        complaint, response = self._drafted()
        response.with_user(self.opd_admin).action_paraf()
        own = response.with_user(self.secretary)
        with self.assertRefused("what has to be changed"):
            own.action_refuse_paraf("  ")
        own.action_refuse_paraf("Sebutkan tanggalnya")
        self.assertEqual(response.state, "draft")
        self.assertEqual(response.return_note, "Sebutkan tanggalnya")
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "3")
        self.assertEqual(complaint.current_user_id, self.engineer)
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "void"), (self.secretary_position, "refused")],
        )
        self.assertFalse(self._turns(complaint))
        version = response.version_ids
        self.assertEqual(
            (version.return_note, version.returned_by_id, version.returned_title),
            ("Sebutkan tanggalnya", self.secretary, "Sekretaris DPUPR"),
        )
        self._advance(complaint, self.engineer, **OTHER)
        self.assertEqual(response.version, 2)
        self.assertEqual(self._turns(complaint), self.opd_admin)
        self.assertEqual(response.version_ids.mapped("number"), [2, 1])
        second, first = response.version_ids
        self.assertEqual(second.previous_id, first)
        self.assertIn("tanggal", str(second.changes))
        self.assertNotEqual(first.text_hash, second.text_hash)
        self.assertIn("Sudah kami tambal", first.body)

    def test_returned_by_the_signer_all_initials_are_asked_again(self):
        complaint, response = self._drafted()
        response.with_user(self.opd_admin).action_paraf()
        self._advance(complaint, self.opd_head, "return", note="Perbaiki")
        self.assertEqual({state for _position, state in self._states(response)}, {"void"})
        self._advance(complaint, self.engineer, **OTHER)
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "waiting"), (self.secretary_position, "waiting")],
        )

    def test_drafter_need_not_initial_the_own_text(self):
        self.engineer_position.user_id = self.secretary
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self._advance(complaint, self.secretary, **OTHER)
        response = complaint.sudo().response_ids
        self.assertEqual(response.author_id, self.secretary)
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "waiting"), (self.secretary_position, "given")],
        )

    def test_signer_initials_nothing_in_another_position(self):
        self.secretary_position.user_id = self.opd_head
        complaint, response = self._drafted()
        self.assertEqual(
            self._states(response),
            [(self.opd_admin_position, "waiting"), (self.secretary_position, "own")],
        )
        response.with_user(self.opd_admin).action_paraf()
        self.assertFalse(self._turns(complaint))
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(response.state, "signed")
        # Also when the head got the position after it had been asked for.
        self.secretary_position.user_id = self.secretary
        complaint, response = self._drafted()
        response.with_user(self.opd_admin).action_paraf()
        self.secretary_position.user_id = self.opd_head
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(self._states(response)[-1], (self.secretary_position, "own"))

    def test_no_initials_where_the_office_wants_none(self):
        self.opd.paraf_source = "none"
        complaint, response = self._drafted()
        self.assertFalse(response.paraf_ids)
        self._advance(complaint, self.opd_head, sign=True)

    def test_activity_of_an_initial_is_not_ticked_off_or_deleted(self):
        complaint, _response = self._drafted()
        activity = complaint.sudo().activity_ids.filtered("lapor_turn_model")
        own = activity.with_user(self.opd_admin)
        with self.assertRaises(RedirectWarning):
            own.action_feedback()
        for attempt in (
            lambda: own.unlink(),
            lambda: own.write({"user_id": self.outsider.id}),
            lambda: own.write({"active": False}),
            lambda: activity.sudo().write({"lapor_turn_id": False}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_two_taps_from_the_case(self):
        complaint, response = self._drafted()
        own = complaint.with_user(self.opd_admin)
        act = own.act_state["acts"][0]
        self.assertEqual((act["method"], act["primary"]), ("action_open_paraf", True))
        action = own.action_open_paraf()
        dialog = (
            self.env["lapor.response.review"]
            .with_user(self.opd_admin)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("Sudah kami tambal", dialog.body)
        dialog.action_paraf()
        self.assertEqual(response.paraf_ids[0].state, "given")

    def test_rule_names_one_role_or_one_position(self):
        for values in (
            {},
            {
                "role_id": self.env.ref("lapor_base.role_admin_opd").id,
                "position_id": self.secretary_position.id,
            },
        ):
            with self.assertRefused("choose one"):
                self.env["lapor.paraf.rule"].create({"unit_id": self.opd.id, **values})

    def test_whoever_does_not_see_the_case_initials_nothing(self):
        _complaint, response = self._drafted()
        for user in (self.outsider, self.inspector):
            for name, args in (("action_paraf", ()), ("action_refuse_paraf", ("x",))):
                with self.assertRaises(AccessError):
                    getattr(response.with_user(user), name)(*args)


@tagged("post_install", "-at_install")
class TestParafOfSop(common.LaporCase):
    """Without a list of its own, an office goes by its SOP."""

    def test_actor_between_draft_and_signature_initials_by_taking_the_step(self):
        sop = self.env["lapor.sop"].browse(self.sop.action_revise()["res_id"])
        draft, sign = sop.step_ids[2], sop.step_ids[3]
        actor = sop.actor_ids.filtered(lambda actor: actor.role_id.code == "admin_opd")
        check = self._make_step(sop, "3a", "Periksa", actor, "verify", "handling", 1, "working_day")
        check.sequence = draft.sequence + 1
        draft.transition_ids.to_step_id = check
        self._make_arrow(check, sign, "Teruskan")
        sop.action_activate()
        complaint = self._make_complaint()
        self._walk_to(complaint, "3a")
        response = complaint.sudo().response_ids
        self.assertEqual(response.next_paraf_position_id, self.opd_admin_position)
        self._advance(complaint, self.opd_admin, note="Sesuai")
        self.assertEqual(response.paraf_ids.mapped("state"), ["given"])
        self.assertEqual(response.paraf_ids.user_id, self.opd_admin)
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(response.state, "signed")
