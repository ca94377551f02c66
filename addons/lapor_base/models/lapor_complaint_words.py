from odoo import api, fields, models


class LaporComplaint(models.Model):
    """What a complaint said when it came in, and each later wording (``lapor.complaint.version``).

    Whoever changes it, and by whatever way, the program writes the version and its event: tracking
    may be switched off by a key of the context, this not.
    """

    _inherit = "lapor.complaint"

    version_ids = fields.One2many(
        "lapor.complaint.version", "complaint_id", string="Wordings", readonly=True
    )

    hidden_version = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Number of the version that hid the complainant; those before are shown to whoever "
        "knows the identity.",
    )
    anonymous_version = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Number of the version since which the case is anonymous.",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"version_ids", "hidden_version", "anonymous_version"}

    @api.model
    def _prepare_complaint(self, vals, found=None):
        vals = super()._prepare_complaint(vals, found)
        if vals.get("is_anonymous"):
            vals.update(hidden_version=1, anonymous_version=1)
        return vals

    def _words(self):
        """What this case says now, as plain JSON values.

        :rtype: dict
        """
        self.ensure_one()
        # As the system: whoever changes one thing need not be able to read all of them.
        # Who was named stays named, also when archived since.
        case = self.sudo().with_context(active_test=False)
        found = {}
        for name in case._tracked_data():
            value = case[name]
            kind = case._fields[name].type
            if kind == "many2one":
                value = value.id
            elif kind in ("many2many", "one2many"):
                value = sorted(value.ids)
            elif kind == "date":
                value = fields.Date.to_string(value)
            found[name] = value or (False if kind == "boolean" else None)
        return found

    def _shown_value(self, name, value):
        """One of the values of :meth:`_words` as people read it."""
        if value in (None, False, True):
            return self.env._("Yes") if value else ""
        field = self._fields[name]
        if name == "complainant_id":
            return self.env._("The complainant")
        if isinstance(value, list):
            records = self.env[field.comodel_name].browse(value).exists()
            return ", ".join(record.display_name for record in records)
        if field.type == "many2one":
            return self.env[field.comodel_name].browse(value).exists().display_name or str(value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    def _words_before(self, vals):
        """What these cases say, where writing these values may change it.

        :rtype: dict
        """
        if not self._tracked_data() & vals.keys():
            return {}
        return {case: case._words() for case in self}

    def _keep_received(self, received):
        """Keep what new cases said as they came in, and what was kept of it.

        :param dict received: :meth:`_words` as they were keyed in or read from the mail
        """
        self.env["lapor.complaint.version"]._keep(
            {case: (words, case._words()) for case, words in received.items()}
        )

    def _keep_versions(self, before):
        """Record what has been changed: a version, and the event with its fingerprint.

        :param dict before: what cases said before, as of :meth:`_words_before`
        """
        changes, names = {}, {}
        for case, then in before.items():
            now = case._words()
            names[case] = sorted(name for name in now if now[name] != then[name])
            if names[case]:
                changes[case] = (
                    {name: then[name] for name in names[case]},
                    {name: now[name] for name in names[case]},
                )
        if not changes:
            return
        versions = self.env["lapor.complaint.version"]._keep(changes)
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": "data_changed",
                    "data": {"fields": names[case], "words": version.hash},
                }
                for case, version in zip(changes, versions, strict=True)
            ]
        )

    def _hide_versions(self, number, first=False):
        vals = {"hidden_version": number, **({"anonymous_version": number} if first else {})}
        self._engine_write(vals)

    def _typed_since_hidden(self):
        """Which texts of an anonymous case have been written anew since it is anonymous."""
        self.ensure_one()
        since = self.anonymous_version
        later = self.version_ids.filtered(lambda version: version.number > since)
        return {name for version in later for name in version.after}
