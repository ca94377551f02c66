from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ..tools.fingerprint import of_bytes
from ..tools.plain_text import clean_line
from ..tools.text_similarity import own_words, similarity

#: From which share of common runs of words two answers are called alike.
ALIKE = 0.7
#: Sentences with which every letter begins and ends.
SKELETON = """<p>Yth. Bapak/Ibu Pelapor,</p>
<p>Demikian disampaikan, atas perhatian Bapak/Ibu kami ucapkan terima kasih.</p>"""

KINDS = [
    ("ack", "Acknowledgement"),
    ("request", "Request for Data"),
    ("interim", "Interim Response"),
    ("final", "Final Response"),
    ("out_of_authority", "Out of Authority"),
    ("handover", "Handover"),
    ("reminder", "Reminder"),
    ("notice", "Notice"),
]


class LaporResponse(models.Model):
    """An answer of the office to the complainant.

    Draft → submitted → initialled → signed (text frozen, numbered) → sent. Where the SOP has a
    step of signing, a final response cannot leave before it. Each text that is submitted is
    kept as a version. Written by acts only, so that no text changes behind a signature.
    """

    _name = "lapor.response"
    _description = "Response to the Complainant"
    _inherit = [
        "lapor.response.interim.mixin",
        "lapor.response.seal.mixin",
        "lapor.paraf.mixin",
        "lapor.delivery.mixin",
        "lapor.mail.delivery.mixin",
        "lapor.evidence.mixin",
    ]
    _order = "id desc"
    _rec_name = "subject"
    _check_company_auto = True
    _lapor_proved = (
        "complaint_id",
        "visit_id",
        "kind",
        "subject",
        "body",
        "sealed_subject",
        "sealed_body",
        "version",
        "state",
        "author_id",
        "return_note",
        "signed_visit_id",
        "signing_office_id",
        "signer_position_id",
        "signed_by_id",
        "signer_title",
        "signed_at",
        "number",
        "agenda_id",
        "text_hash",
        "channel_id",
        "outside_unit_id",
        "delivered_at",
        "delivered_by_id",
        "delivery_note",
        "before_reopening",
        "origin_id",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict", index="btree_not_null")
    kind = fields.Selection(KINDS, required=True, default="final")
    subject = fields.Char(required=True)
    body = fields.Html(required=True)
    version = fields.Integer(
        string="Version No.", default=1, help="Rises with every text that is submitted."
    )
    version_ids = fields.One2many("lapor.response.version", "response_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("signed", "Signed"),
            ("delivered", "Sent"),
            ("void", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        group_expand=True,
    )
    author_id = fields.Many2one("res.users", string="Drafted By")
    return_note = fields.Text(help="Why the last version was returned.")
    signed_visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict")
    signing_office_id = fields.Many2one("lapor.unit", string="Signed For", ondelete="restrict")
    signer_position_id = fields.Many2one("lapor.position", string="Signed As", ondelete="restrict")
    signed_by_id = fields.Many2one("res.users")
    signer_appointment_id = fields.Many2one(
        "lapor.appointment", ondelete="restrict", help="Name, rank and NIP at that moment."
    )
    signer_title = fields.Char(help="Title at that moment, with Plt. or Plh.")
    signed_at = fields.Datetime(string="Signed On")
    number = fields.Char(string="Letter Number")
    agenda_id = fields.Many2one("lapor.agenda", ondelete="restrict")
    void_reason = fields.Text(related="agenda_id.void_reason")
    text_hash = fields.Char(
        string="Fingerprint", help="Keyed fingerprint of number, subject and text at signing."
    )
    channel_id = fields.Many2one(
        "lapor.channel", string="Sent Through", check_company=True, ondelete="restrict"
    )
    outside_unit_id = fields.Many2one(
        "lapor.unit",
        string="Body Outside",
        ondelete="restrict",
        help="To whom it goes when it is not for the complainant.",
    )
    delivered_at = fields.Datetime(string="Sent On")
    delivered_by_id = fields.Many2one("res.users")
    delivery_note = fields.Text(string="Proof of Delivery")
    is_my_signature = fields.Boolean(compute="_compute_is_my_signature")
    before_reopening = fields.Boolean(
        help="Sent before the case was opened again; it says nothing about the next answer."
    )
    origin_id = fields.Many2one(
        "lapor.response",
        string="Answer of the Main Complaint",
        ondelete="restrict",
        index="btree_not_null",
        help="The answer that is told to this complainant as well, without telling of the other.",
    )
    mail_id = fields.Many2one("mail.mail", ondelete="set null")
    mail_state = fields.Selection(related="mail_id.state", string="Mail Status")

    # Each office numbers its own letters; two offices may well use the same pattern.
    _number_uniq = models.UniqueIndex(
        "(signing_office_id, number) WHERE number IS NOT NULL", "This letter number is taken."
    )

    @api.depends("state", "complaint_id.current_step_id", "complaint_id.current_user_id")
    @api.depends_context("uid")
    def _compute_is_my_signature(self):
        for response in self:
            # Whoever sees the response may know whose turn it is.
            case = response.sudo().complaint_id
            response.is_my_signature = (
                response.state == "submitted"
                and not response.next_paraf_id
                and case.current_step_id.kind == "sign"
                and case.current_user_id == self.env.user
            )

    @api.model
    def _draft(self, visit, values, beside_sop=False):
        """Write a response, or the next version of the case's open one of the same kind.

        :param visit: the open ``lapor.complaint.step``
        :param dict values: ``kind`` ("interim" or "final", default), ``subject``, ``body``
        :param bool beside_sop: written at no arrow of the SOP that asks for it
        :raises UserError: when the text is empty or a signed text would change
        """
        complaint = visit.complaint_id
        kind = values.get("kind") or "final"
        if kind not in ("interim", "final"):
            raise UserError(self.env._("This kind of response cannot be written in a step."))
        body = values.get("body") or ""
        self._refuse(self._find_missing(complaint, kind, values.get("subject"), body))
        subject = clean_line(values.get("subject") or "", 250) or complaint._response_title()
        return self._submit_text(visit, kind, subject, body, beside_sop)

    @api.model
    def _submit_text(self, visit, kind, subject, body, beside_sop=False):
        """Keep a text that lacks nothing, as the next version of the case's open one of its kind,
        and ask for what it needs before it may leave.

        :param visit: the open ``lapor.complaint.step``
        :param str kind: of ``KINDS``
        :param str subject: one line
        :param body: HTML
        :param bool beside_sop: as of :meth:`_draft`
        :raises UserError: when a signed text would change
        :rtype: lapor.response
        """
        complaint = visit.complaint_id
        # Kept before anybody agrees: what may not be tried out is refused here, too.
        complaint._check_no_probing(f"{subject} {body}")
        vals = {
            "subject": subject,
            "body": body,
            "state": "submitted",
            "visit_id": visit.id,
            "return_note": False,
            "beside_sop": beside_sop,
        }
        current = complaint._open_response(kind)
        if current.state == "signed":
            raise UserError(
                self.env._("The response is signed; its text can no longer be changed.")
            )
        if current:
            before = (current.state, current.subject, current.body)
            current.write(vals)
            if before == (current.state, current.subject, current.body):
                # Submitted once more as it was: its author, version and initials stay.
                return current
            current.write({"version": current.version + 1, "author_id": self.env.uid})
        else:
            current = self.create(
                {
                    **vals,
                    "complaint_id": complaint.id,
                    "kind": kind,
                    "author_id": self.env.uid,
                }
            )
        version = self.env["lapor.response.version"]._keep(current, visit)
        current._ask_parafs(visit, version)
        current._record(
            "response_drafted", visit, {"version": version.number, "hash": version.text_hash}
        )
        return current

    @api.model
    def _find_similar(self, complaint, kind, body):
        """Earlier answers of the same office in which its writers wrote nearly the same words.

        What templates give counts for nothing. A hint only: the newest 200 of a year are looked
        at, those that the user may read.

        :returns: responses, the most alike first
        """
        # pylint: disable-next=no-search-all
        given = self.env["lapor.response.template"].search([]).mapped("body")
        plain = [html2plaintext(text, include_references=False) for text in [*given, SKELETON]]

        def own(text):
            return own_words(html2plaintext(str(text), include_references=False), plain)

        words = own(body or "")
        earlier = self.search(
            [
                ("kind", "=", kind),
                ("state", "in", ("submitted", "signed", "delivered")),
                ("complaint_id.managing_unit_id", "=", complaint.managing_unit_id.id),
                ("complaint_id", "!=", complaint.id),
                ("create_date", ">=", "-1y"),
            ],
            limit=200,
        )
        scores = [(similarity(words, own(response.body)), response) for response in earlier]
        alike = [pair for pair in scores if pair[0] >= ALIKE]
        alike.sort(key=lambda pair: -pair[0])
        return self.union(*(response for _score, response in alike[:3]))

    def _send_back(self, note):
        """Return a submitted response to its drafter."""
        for response in self.filtered(lambda response: response.state == "submitted"):
            visit = response.complaint_id.current_step_id
            refused = response.paraf_ids.filtered(lambda paraf: paraf.state == "refused")[-1:]
            position = refused.position_id or visit._doing_position()
            response.write({"state": "draft", "return_note": note})
            response.version_ids.sorted("number")[-1:].write(
                {
                    "return_note": note,
                    "returned_by_id": self.env.uid,
                    "returned_title": position._signing_as(self.env.user)["title"],
                    "returned_at": fields.Datetime.now(),
                }
            )
            response._drop_parafs()
            response._record("response_returned", visit, {"version": response.version})

    def _sign(self, visit):
        """Sign in the position in which this user does the step: freeze the text and give it its
        number.

        :raises UserError: when nothing is submitted, an initial is missing, the step is not one
            of signing, or the signer drafted the text
        """
        if not self:
            raise UserError(self.env._("There is no submitted response to sign."))
        self.ensure_one()
        if visit.kind != "sign":
            raise UserError(self.env._("A response is signed in the step that the SOP names."))
        if self.state != "submitted":
            raise UserError(self.env._("This response is signed already."))
        if self.author_id == self.env.user:
            raise UserError(self.env._("You drafted this response; somebody else has to sign it."))
        self._refuse(
            [
                *self._find_missing(self.complaint_id, self.kind, self.subject, self.body),
                *self._missing_parafs(),
            ]
        )
        self._pass_over_parafs()
        position = visit._doing_position()
        signing = position._signing_as(self.env.user)
        office = visit.unit_id.office_id or visit.unit_id
        line = self.env["lapor.agenda"]._take_number(
            office, "letter", self.complaint_id, self.subject
        )
        self.write(
            {
                "state": "signed",
                "number": line.number,
                "agenda_id": line.id,
                "signed_visit_id": visit.id,
                "signing_office_id": office.id,
                "signer_position_id": position.id,
                "signer_appointment_id": signing["appointment"].id,
                "signer_title": signing["title"],
                "signed_by_id": self.env.uid,
                "signed_at": fields.Datetime.now(),
                "text_hash": self._text_hash(line.number),
            }
        )
        self._record("response_signed", visit, {"number": line.number, "hash": self.text_hash})

    def action_open_void(self):
        """The dialog of :meth:`action_void`."""
        self.ensure_one()
        self._check_may_void()
        return self._review_action("void", self.env._("Cancel the Letter"))

    def action_void(self, reason):
        """Cancel a signed letter before it is sent.

        Its number stays in the agenda book with the reason and is never given again; the text
        goes back to the drafter as a new draft.

        :raises UserError: without a reason, or when the letter is not signed or sent already
        :raises AccessError: for others than the signer and whoever coordinates the case
        """
        self.ensure_one()
        self._lock_responses()
        self._check_may_void()
        reason = self.env["lapor.complaint"]._clean(reason or "")
        # Checked above as the user; what follows is written as the system.
        response = self.sudo()
        complaint = response.complaint_id
        complaint._check_not_waiting()
        response.agenda_id._void(reason)
        response.state = "void"
        visit = complaint.current_step_id
        response._record("response_voided", visit, {"number": response.number})
        if visit:
            self.sudo().create(
                {
                    "complaint_id": complaint.id,
                    "visit_id": response.visit_id.id,
                    "kind": response.kind,
                    "subject": response.subject,
                    "body": response.body,
                    "version": 0,
                    "author_id": response.author_id.id,
                    "return_note": reason,
                }
            )
            if visit.sop_step_id != response.visit_id.sop_step_id:
                complaint._go_back(response.visit_id.sop_step_id, reason)
        return True

    def _check_may_void(self):
        """Whether this user may cancel this letter now.

        :raises UserError: when it is not signed, or sent already
        :raises AccessError: for others than the signer and whoever coordinates the case
        """
        self.ensure_one()
        self.check_access("read")
        # Facts of the case that this check needs; the user learns yes or no.
        response = self.sudo()
        user = self.env.user
        if response.state != "signed":
            raise UserError(
                self.env._("Only a letter that is signed and not yet sent can be cancelled.")
            )
        if (
            response.signed_by_id != user
            and response.signer_position_id._holder_now() != user
            and not response.complaint_id._may_coordinate(user)
        ):
            raise AccessError(
                self.env._("A letter is cancelled by its signer or the managing office.")
            )

    def _signed_text(self, number):
        subject, body = self._sealed_text()
        return "\n".join((number or "", subject, str(body)))

    def _text_hash(self, number):
        """Fingerprint of number, subject and text: keyed, because a name in them may be hidden
        later, and would be found by trying."""
        return self.env["lapor.complaint.version"]._seal(self._signed_text(number))

    def _is_as_signed(self):
        """Whether number, subject and text are those of the signature."""
        if self.text_hash == self._text_hash(self.number):
            return True
        # Signed before fingerprints were keyed.
        plain = of_bytes(self._signed_text(self.number).encode())
        return self.text_hash == plain

    def _record(self, code, visit, data=None):
        if code == "response_delivered":
            self._count_interims()
        position = visit._doing_position() if visit else None
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": response.complaint_id,
                    "code": code,
                    "visit": visit,
                    "position": position,
                    "data": {
                        "response": response.id,
                        "kind": response.kind,
                        **(data or {}),
                        **response._interim_facts(),
                    },
                }
                for response in self
            ]
        )
