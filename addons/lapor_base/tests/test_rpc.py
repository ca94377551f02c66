import inspect

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged

from . import common

# Every method that anybody logged in can call by RPC on the models of this addon, beside
# those of the ORM and of the thread. A new one belongs here once it checks who may.
PUBLIC = {
    "lapor.advance": {"action_confirm"},
    "lapor.complaint": {
        "action_advance",
        "action_agree_end",
        "action_ask_end",
        "action_name_accused",
        "action_open_accused",
        "action_open_agree_end",
        "action_open_ask_end",
        "action_open_misconduct",
        "action_open_unmark",
        "action_unmark_misconduct",
        "message_get_followers",
        "action_close_outside",
        "action_confirm_category",
        "action_dispute_category",
        "action_conceal_identity",
        "action_archive_case",
        "action_deem_withdrawn",
        "action_enter_sop",
        "action_extend_hold",
        "action_hand_over",
        "action_hold",
        "action_drop_promise",
        "action_keep_promise",
        "action_move_promise",
        "action_merge",
        "action_merge_into_similar",
        "action_move_to_phase",
        "action_open_decide_category",
        "action_open_dispute_category",
        "action_open_deliver",
        "action_open_hold",
        "action_open_merge",
        "action_open_outside",
        "action_open_pass_answer",
        "action_open_inspection",
        "action_open_refuse_authority",
        "action_open_send_back",
        "action_pass_answer",
        "action_refuse_authority",
        "action_open_paraf",
        "action_open_reveal",
        "action_open_archive",
        "action_open_extend_hold",
        "action_open_drop_promise",
        "action_open_keep_promise",
        "action_open_move_promise",
        "action_open_promise",
        "action_open_refuse_reply",
        "action_open_reopen",
        "action_open_withdraw",
        "action_promise",
        "action_refuse_reply",
        "action_reopen",
        "action_interim",
        "action_open_interim",
        "action_open_hand_over",
        "action_open_mass_disposition",
        "action_open_part_give_back",
        "action_open_part_pass_on",
        "action_open_part_report",
        "action_open_take_over",
        "action_resume",
        "action_send_back",
        "action_reveal_identity",
        "action_separate",
        "action_split",
        "action_open_split",
        "action_open_came",
        "action_unsplit",
        "action_view_split",
        "action_start_transition",
        "action_take_over",
        "action_view_dispositions",
        "action_view_main",
        "action_view_responses",
        "action_view_held_mails",
        "action_withdraw",
        "action_view_supporters",
        "message_notify",
        "message_post",
        "message_subscribe",
    },
    "lapor.complaint.step": {"action_open_complaint"},
    "lapor.deliver": {"action_confirm", "action_give_up", "action_send_again"},
    "lapor.end.ask": {"action_confirm"},
    "lapor.disposition.act": {"action_confirm"},
    "lapor.disposition.line": {
        "action_accept",
        "action_open_complaint",
        "action_open_pass_on",
        "action_open_report",
        "action_open_return",
        "action_pass_on",
        "action_report",
        "action_return",
    },
    "lapor.disposition.mass": {"action_confirm"},
    "lapor.archive.ask": {"action_confirm"},
    "lapor.handover.ask": {"action_confirm"},
    "lapor.event": {"action_verify"},
    "lapor.hold.ask": {"action_confirm"},
    "lapor.interim.ask": {"action_confirm"},
    "lapor.reveal.ask": {"action_confirm"},
    "lapor.hold.extend": {"action_confirm"},
    "lapor.promise": {"action_open_complaint", "action_open_keep", "action_open_move"},
    "lapor.promise.ask": {"action_confirm"},
    "lapor.reopen.ask": {"action_confirm"},
    "lapor.mail.held": {
        "action_discard",
        "action_hold_again",
        "action_release",
        "action_release_new",
        "process_raw",
        "action_release_machine",
        "message_subscribe",
        "waiting_for_me",
    },
    "lapor.mail.decide": {"action_decide"},
    "lapor.mail.rule": {"action_switch"},
    "lapor.mail.try": {"action_try"},
    "lapor.position": {
        "action_archive",
        "action_open_take_back",
        "action_take_back",
        "action_unarchive",
    },
    "lapor.unit": {
        "action_archive",
        "action_new_mail_secret",
        "action_open_take_back",
        "action_take_back",
        "action_unarchive",
    },
    "lapor.merge": {"action_confirm"},
    "lapor.merge.answer": {"action_confirm"},
    "lapor.split.ask": {"action_confirm"},
    "lapor.outside.ask": {"action_confirm"},
    "lapor.inspection": {
        "action_excuse",
        "action_number_assignment",
        "action_open_reopen",
        "action_reopen",
        "action_sign",
        "action_submit",
    },
    "lapor.inspection.ask": {"action_confirm"},
    "lapor.inspection.member": {"action_open_excuse"},
    "lapor.misroute": {"action_open_complaint"},
    "lapor.misroute.ask": {"action_confirm"},
    "lapor.misroute.decide": {"action_confirm", "action_send_back"},
    "lapor.response": {
        "action_open_paraf",
        "action_deliver_otherwise",
        "action_give_up",
        "action_open_deliver",
        "action_open_void",
        "action_paraf",
        "action_send_again",
        "action_refuse_paraf",
        "action_void",
    },
    "lapor.misconduct.ask": {"action_confirm"},
    "lapor.response.review": {"action_paraf", "action_refuse", "action_void"},
    "lapor.sop": {
        "action_activate",
        "action_retire",
        "action_revise",
        "action_view_complaints",
    },
}
# Handing over a mail is for administrators, whatever model it is called on.
ORM = {
    *("create", "read", "write", "unlink", "copy", "init", "default_get", "onchange"),
    "message_process",
    # The ORM's own, with limits.
    *("copy_data", "fields_get", "web_read", "update_field_translations"),
}


@tagged("post_install", "-at_install")
class TestRpc(common.LaporCase):
    """What anybody logged in can call past the screens, and who is refused there."""

    def test_no_method_is_public_by_accident(self):
        found = {}
        for name, model in self.env.registry.items():
            if not name.startswith("lapor.") or name.endswith(".mixin"):
                continue
            public = {
                attribute
                for parent in model.mro()
                if parent.__module__.startswith("odoo.addons.lapor_base.")
                for attribute, value in vars(parent).items()
                if inspect.isfunction(value)
                and not attribute.startswith("_")
                and not getattr(value, "_api_private", False)
            } - ORM
            if public:
                found[name] = public
        self.assertEqual(found, PUBLIC)

    def test_engine_is_not_reachable_by_rpc(self):
        complaint = self._make_complaint().with_user(self.operator)
        for name in (
            "_engine_write",
            "_take",
            "_close",
            "_start",
            "_enter_sop",
            "_add_evidence",
            "_acknowledge",
        ):
            self.assertTrue(hasattr(complaint, name))
            with self.assertRaises(AccessError):
                get_public_method(complaint, name)
        with self.assertRaises(AccessError):
            call_kw(
                self.env["lapor.complaint"].with_user(self.operator),
                "_engine_write",
                [complaint.ids, {"phase": "closed"}],
                {},
            )
        for model, name in (
            ("lapor.event", "_log"),
            ("lapor.response", "_sign"),
            ("lapor.agenda", "_next"),
            ("lapor.sop", "_set_state"),
            ("lapor.complaint.step", "_hand_over"),
        ):
            with self.assertRaises(AccessError):
                get_public_method(self.env[model], name)

    def test_public_methods_refuse_whoever_does_not_see_the_case(self):
        complaint = self._make_complaint()
        arrow = self._arrow(complaint).id
        calls = (
            ("action_advance", [arrow], {}),
            ("action_start_transition", [arrow], {}),
            ("action_move_to_phase", ["closed"], {}),
            ("action_move_to_phase", ["disposition"], {}),
            ("action_enter_sop", [], {}),
            ("message_post", [], {"body": "Halo"}),
        )
        stranger = self._make_users({"login": "stranger"})
        for user in (self.outsider, self.engineer, self.inspector, stranger):
            Complaint = self.env["lapor.complaint"].with_user(user)
            for name, args, kwargs in calls:
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    call_kw(Complaint, name, [complaint.ids, *args], kwargs)

    def test_message_from_the_complainant_cannot_be_feigned(self):
        complaint = self._make_complaint()
        events = len(complaint.event_ids)
        for user in (self.operator, self.head, self.administrator):
            Complaint = self.env["lapor.complaint"].with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                call_kw(Complaint, "_post_mail", [complaint.ids, None], {})
            with self.subTest(user.login), self.assertRaises(UserError):
                complaint.with_user(user).message_post(
                    body="Saya puas", message_type="email", email_from="budi@warga.example"
                )
        self.assertEqual(len(complaint.event_ids), events)

    def test_steps_can_be_done_by_rpc_as_by_the_screen(self):
        complaint = self._make_complaint()
        Complaint = self.env["lapor.complaint"].with_user(self.operator)
        arrow = self._arrow(complaint).id
        self.assertIs(call_kw(Complaint, "action_advance", [complaint.ids, arrow], {}), True)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "2")
