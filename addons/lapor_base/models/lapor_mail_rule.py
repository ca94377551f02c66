import logging
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

_logger = logging.getLogger(__name__)


class Rule(NamedTuple):
    """A rule as the gateway walks it: see the fields of ``lapor.mail.rule``."""

    id: int
    code: str
    outcome: str
    is_silent: bool
    is_fixed: bool


class LaporMailRule(models.Model):
    """What the gateway asks of a mail: one question, and what becomes of the mail that it catches.

    The gateway asks the rules of this list in their order, and the first that catches a mail
    decides; what none catches becomes a new complaint. A rule is one data record and one method
    ``_catches_<code>`` here, which gets the mail (``lapor.mail.sorter``: ``SortedMail``) and the
    unit that it is for, and returns a detail ("" for none) when it catches the mail, else None. An
    add-on adds a rule by a record of its own and a method on this model.

    The method runs as the system, once for each office of a mail, and writes nothing: a test mail
    is asked the same questions.
    """

    _name = "lapor.mail.rule"
    _description = "Rule for Mails That Come In"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(string="Order", required=True, default=115, readonly=True)
    outcome = fields.Selection(
        [
            ("hold", "Held"),
            ("known", "Nothing: it is there already"),
            ("report", "Noted at the mail that it returns"),
            ("without", "Taken in, and kept whole"),
            ("note", "Internal note"),
            ("reply", "Message of its complaint"),
        ],
        string="Becomes",
        required=True,
        default="hold",
        readonly=True,
    )
    reason = fields.Char(
        required=True, translate=True, readonly=True, help="What is said at the mail."
    )
    help = fields.Text(string="What It Does", required=True, translate=True, readonly=True)
    keep_on = fields.Char(
        string="Why It Cannot Be Switched Off",
        translate=True,
        readonly=True,
        help="Empty: a managing office can switch it off.",
    )
    is_silent = fields.Boolean(
        readonly=True, help="Nobody has to be told at the complaint that the mail names."
    )
    nobody_waits = fields.Boolean(
        readonly=True, help="No person can be waiting behind such a mail: it is nobody's task."
    )
    likelihood = fields.Integer(
        readonly=True,
        help="Of a hundred mails that it holds, behind how many a person waits, as far as the "
        "rule alone tells.",
    )
    off_ids = fields.One2many("lapor.mail.rule.off", "rule_id", string="Switched Off At")
    is_on = fields.Boolean(
        string="On",
        compute="_compute_is_on",
        help="At the managing office of the government in which you work.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Two rules for mails cannot have the same code.")

    @api.constrains("code")
    def _check_code(self):
        for rule in self:
            if not hasattr(self, f"_catches_{rule.code}"):
                raise ValidationError(
                    self.env._(
                        "The rule “%(code)s” has no method _catches_%(code)s: install the addon "
                        "that brings it.",
                        code=rule.code,
                    )
                )

    @api.depends("off_ids")
    @api.depends_context("company")
    def _compute_is_on(self):
        office = self._office_here()
        off = self.env["lapor.mail.rule.off"].search([("unit_id", "=", office.id)]).rule_id
        for rule in self:
            rule.is_on = not office or rule._origin not in off

    @api.model
    def _office_here(self):
        """The managing office of the government in which the user works.

        :rtype: lapor.unit
        """
        return self.env["lapor.unit"].search(
            [("kind", "=", "manager"), ("company_id", "=", self.env.company.id)], limit=1
        )

    def action_switch(self):
        """Switch a rule off or on again, at the managing office of the user's government.

        :raises UserError: when there is no such office, or the rule protects from loops, forged
            senders or lost mails
        """
        self.ensure_one()
        Off = self.env["lapor.mail.rule.off"]
        Off.check_access("create")
        office = self._office_here()
        if not office:
            raise UserError(
                self.env._(
                    "%(government)s has no managing office yet. Create it first.",
                    government=self.env.company.name,
                )
            )
        known = Off.search([("rule_id", "=", self.id), ("unit_id", "=", office.id)])
        if known:
            known.unlink()
        else:
            Off.create({"rule_id": self.id, "unit_id": office.id})
        return True

    # ------------------------------------------------------------
    # THE WALK
    # ------------------------------------------------------------

    @api.model
    def _decide(self, post, unit):
        """Ask the rules about a mail, in their order.

        :param SortedMail post: the mail
        :param unit: ``lapor.unit`` that it is for; empty when for none
        :returns: pair (:class:`Rule` that catches it, its detail); (None, "") when it is to become
            a new complaint
        """
        for rule in self._walk(post.office(unit).id):
            detail = getattr(self, f"_catches_{rule.code}")(post, unit)
            # What is missing of a mail is noted at it, and the walk goes on.
            if detail is not None and rule.outcome != "without":
                return rule, detail
        return None, ""

    @api.model
    @ormcache("office_id")
    def _walk(self, office_id):
        """The rules that are asked for an office, in their order.

        :rtype: tuple[Rule]
        """
        # As the system: read for every mail, whoever hands it over.
        rules = self.sudo().search([("code", "!=", False)])
        off = self.env["lapor.mail.rule.off"].sudo().search([("unit_id", "=", office_id)]).rule_id
        asked = []
        for rule in rules - off.filtered(lambda rule: not rule.keep_on):
            if hasattr(self, f"_catches_{rule.code}"):
                asked.append(
                    Rule(rule.id, rule.code, rule.outcome, rule.is_silent, bool(rule.keep_on))
                )
            else:
                _logger.error("The rule for mails %s has no method.", rule.code)
        return tuple(asked)

    @api.model
    def _by_code(self, code):
        """The rule of a code, as the gateway walks it.

        :rtype: Rule
        """
        return next(rule for rule in self._walk(False) if rule.code == code)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
