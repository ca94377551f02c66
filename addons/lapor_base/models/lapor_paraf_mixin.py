from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class LaporParafMixin(models.AbstractModel):
    """Initials in order (paraf hierarki): who must read a response before it is signed.

    Who that is, is a setting of the office that signs (``lapor.unit.paraf_source``).
    """

    _name = "lapor.paraf.mixin"
    _description = "Initials on a Response"

    paraf_ids = fields.One2many("lapor.response.paraf", "response_id", string="Initials")
    next_paraf_id = fields.Many2one(
        "lapor.response.paraf", string="Next Initial", ondelete="set null", index="btree_not_null"
    )
    next_paraf_position_id = fields.Many2one(
        related="next_paraf_id.position_id", string="Waits for the Initial of"
    )
    is_my_paraf = fields.Boolean(compute="_compute_is_my_paraf", string="My Initial")

    @api.depends("next_paraf_id.position_id.holder_id")
    @api.depends_context("uid")
    def _compute_is_my_paraf(self):
        for response in self:
            # Answers whether it is this user's turn.
            paraf = response.sudo().next_paraf_id
            response.is_my_paraf = bool(paraf) and paraf._turn_user() == self.env.user

    # ------------------------------------------------------------
    # PUBLIC ACTS
    # ------------------------------------------------------------

    def action_paraf(self, note=None):
        """Initial responses: this user has read them and agrees.

        :param str note: a remark, optional
        :raises UserError: when a response waits for no initial (any more)
        :raises AccessError: when it is somebody else's turn
        """
        self._lock_responses()
        # That it is this user's turn is checked in the same line; initials are the system's.
        parafs = [response._check_my_paraf() for response in self.sudo()]
        note = self.env["lapor.complaint"]._clean(note or "")
        for paraf in parafs:
            paraf.response_id._give_paraf(paraf, note)
        return True

    def action_refuse_paraf(self, note):
        """Return a response to its drafter instead of initialling it.

        :param str note: what has to be changed
        :raises UserError: without a note, or when it waits for no initial (any more)
        :raises AccessError: when it is somebody else's turn
        """
        self.ensure_one()
        self._lock_responses()
        # That it is this user's turn is checked next; initials are the system's.
        response = self.sudo()
        paraf = response._check_my_paraf()
        note = self.env["lapor.complaint"]._clean(note or "")
        if not note:
            raise UserError(self.env._("Say what has to be changed."))
        response.complaint_id._check_not_waiting()
        paraf._settle("refused", note)
        response.complaint_id._return_draft(response, note)
        return True

    def action_open_paraf(self):
        """The dialog in which a response is read and initialled or returned."""
        self.ensure_one()
        self.check_access("read")
        # Only the check whether it is this user's turn.
        self.sudo()._check_my_paraf()
        return self._review_action("paraf", self._paraf_label())

    def _paraf_label(self):
        """What the next initial on this response is called, for whoever gives it."""
        self.ensure_one()
        if self.kind == "interim":
            return self.env._("Agree with the Interim Answer")
        if self.beside_sop:
            return self.env._("Agree with What Leaves the Office")
        return self.env._("Initial the Response")

    def _lock_responses(self):
        """Lock the cases of responses that the user may read, and read them anew."""
        self.check_access("read")
        self.complaint_id._lock_cases()
        self.invalidate_recordset()
        self.env["lapor.response.paraf"].invalidate_model()

    def _check_my_paraf(self):
        """The paraf that waits for this user.

        :raises UserError: when none is waited for
        :raises AccessError: when it is somebody else's turn
        """
        self.ensure_one()
        paraf = self.next_paraf_id
        if not paraf:
            raise UserError(
                self.env._(
                    "The response to %s waits for no initial any more. Reload the page to see "
                    "where it is now.",
                    self.complaint_id.number,
                )
            )
        if paraf._turn_user() != self.env.user:
            raise AccessError(
                self.env._("The initial of %(who)s comes next.", who=paraf.position_id.display_name)
            )
        return paraf

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _give_paraf(self, paraf, note=False):
        paraf._settle("given", note)
        self._sync_parafs()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self.complaint_id,
                    "code": "response_initialled",
                    "visit": self.complaint_id.current_step_id,
                    "position": paraf.position_id,
                    "data": {
                        "response": self.id,
                        "version": self.version,
                        "hash": paraf.version_id.text_hash,
                    },
                }
            ]
        )
        self.complaint_id._message_log(
            body=Markup("<p>%s</p>")
            % self.env._(
                "%(title)s initialled the response (version %(version)s).",
                title=paraf.title,
                version=self.version,
            )
            + (Markup("<p class='o_lapor_said'>%s</p>") % note if note else ""),
            author_id=self.env.user.partner_id.id,
        )

    def _ask_parafs(self, visit, version):
        """Ask for the initials on a version that was just submitted; those before are void.

        :param visit: the ``lapor.complaint.step`` in which it was drafted
        :param version: its ``lapor.response.version``
        """
        self.ensure_one()
        self._drop_parafs()
        positions = self._find_paraf_positions(visit)
        parafs = self.env["lapor.response.paraf"].create(
            [
                {
                    "response_id": self.id,
                    "complaint_id": self.complaint_id.id,
                    "version_id": version.id,
                    "sequence": number,
                    "position_id": position.id,
                }
                for number, position in enumerate(positions, 1)
            ]
        )
        # Whoever drafted the text need not agree to it once more.
        parafs.filtered(lambda paraf: paraf.position_id.holder_id == self.author_id)._settle(
            "given"
        )
        # Nor need whoever will sign it, in whatever other position.
        signer = self._signer_position(visit).holder_id if parafs else self.env["res.users"]
        parafs.filtered(
            lambda paraf: (
                signer and paraf.state == "waiting" and paraf.position_id.holder_id == signer
            )
        )._settle("own")
        units = positions.unit_id | positions.unit_id.office_id
        missing = units - self.complaint_id.involved_unit_ids
        if missing:
            self.complaint_id._engine_write(
                {"involved_unit_ids": [Command.link(unit.id) for unit in missing]}
            )
        self._sync_parafs()

    def _find_paraf_positions(self, visit):
        """Who initials what is drafted at this visit, in order; nobody without a signature."""
        complaint = self.complaint_id
        later, sign_step = self._steps_to_signature(visit)
        positions = self.env["lapor.position"]
        if not sign_step or self.kind != "final":
            return positions
        unit, signer = complaint._find_owner(sign_step)
        office = unit.office_id or unit
        if office.paraf_source == "list":
            rules = office.paraf_rule_ids
            rules = rules.filtered(lambda rule: rule.sop_step_id == sign_step) or rules.filtered(
                lambda rule: not rule.sop_step_id
            )
            own = visit.unit_id if visit.unit_id.office_id == office else office
            positions = rules._find_positions(own)
        elif office.paraf_source == "sop":
            for step in later[1 : list(later).index(sign_step)]:
                if step.scope != "citizen":
                    positions |= complaint._find_owner(step)[1]
        return (positions - signer).filtered(
            lambda position: (
                position.company_id == complaint.company_id and complaint._is_open_to(position)
            )
        )

    def _steps_to_signature(self, visit):
        """The SOP's steps from a visit's on, and of these the one that signs."""
        steps = self.complaint_id.sop_id.step_ids.sorted(lambda step: (step.sequence, step.id))
        index = list(steps).index(visit.sop_step_id) if visit.sop_step_id in steps else len(steps)
        later = steps[index:]
        return later, later.filtered(lambda step: step.kind == "sign")[:1]

    def _signer_position(self, visit):
        """Who will sign what is drafted at this visit; of an interim answer nobody does."""
        sign_step = self._steps_to_signature(visit)[1]
        if not sign_step or self.kind != "final":
            return self.env["lapor.position"]
        return self.complaint_id._find_owner(sign_step)[1]

    def _sync_parafs(self):
        """Say whose turn it is: the first who has not initialled and whose position is held."""
        for response in self:
            waiting = response.paraf_ids.filtered(lambda paraf: paraf.state == "waiting")
            following = waiting.sorted("sequence").filtered("position_id.holder_id")[:1]
            if response.state != "submitted":
                following = following.browse()
            if response.next_paraf_id != following:
                response.next_paraf_id = following
            response.paraf_ids._sync_turns()

    def _drop_parafs(self):
        """Void the initials of a text that changes or is given up."""
        self.paraf_ids.filtered(lambda paraf: paraf.state in ("waiting", "given"))._settle("void")
        self._sync_parafs()

    def _missing_parafs(self):
        """Whose initials a signature still waits for, as far as their positions are held.

        :returns: at most one sentence
        :rtype: list[str]
        """
        waiting = self.paraf_ids.filtered(lambda paraf: paraf.state == "waiting")
        # Whoever signs agrees by it, also in another position.
        missing = waiting.filtered(
            lambda paraf: paraf.position_id._holder_now() not in (self.env.user, self.env.user[:0])
        )
        if not missing:
            return []
        return [
            self.env._(
                "The response still waits for the initials of:\n%(who)s",
                who="\n".join(
                    f"• {paraf.position_id.display_name}" for paraf in missing.sorted("sequence")
                ),
            )
        ]

    def _pass_over_parafs(self):
        """End the initials that nobody gives: of vacant positions, and the signer's own."""
        waiting = self.paraf_ids.filtered(lambda paraf: paraf.state == "waiting")
        own = waiting.filtered(lambda paraf: paraf.position_id._holder_now() == self.env.user)
        (waiting - own)._settle("skipped")
        own._settle("own")

    def _review_action(self, mode, name):
        """Action of the dialog that shows a response and asks for one decision on it."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lapor.response.review",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_response_id": self.id,
                "default_mode": mode,
                "dialog_size": "large",
            },
        }
