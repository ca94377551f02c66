from odoo import api, models
from odoo.fields import Domain

#: Core models whose records say to which government they belong.
OF_GOVERNMENTS = ("res.company", "res.users", "resource.calendar")


class Base(models.AbstractModel):
    """What governments share, and what is each one's own: said here once for all lists.

    A record without a government is common to all. It is read by all and written by the system
    administrator alone; a government that wants another text duplicates it, and the copy is its
    own. No record leaves its government, and none points to what its writer cannot see. Holds for
    every list of Lapor by itself, also a future one, and for core models that set
    ``_lapor_government``; the record rules for writing are made from it (``ir.rule``).
    """

    _inherit = "base"

    #: Path to the government of a record that may be common, where it is not plainly its
    #: ``company_id``.
    _lapor_government = None

    @api.model
    def _government_path(self):
        """The path to the government of a record; None for models without one."""
        if self._transient or self._abstract:
            return None
        if self._lapor_government or not self._name.startswith("lapor."):
            return self._lapor_government
        return "company_id" if "company_id" in self._fields else None

    @api.model
    def _may_be_common(self):
        """Whether there may be records of this model for all governments: one of the fields that
        lead to theirs may be empty. What belongs to a case follows the case."""
        path = self._government_path()
        return bool(path and self._auto and not self._is_paper() and self._may_end(path))

    @api.model
    def _may_end(self, path):
        """Whether a path of required fields, and such that are related, may lead nowhere."""
        model = self
        for name in path.split("."):
            field = model._fields[name]
            if model._may_end(field.related) if field.related else not field.required:
                return True
            model = self.env.get(field.comodel_name)
        return False

    @api.model
    def _is_paper(self):
        return self._name == "lapor.complaint" or "complaint_id" in self._fields

    @api.model
    def _writes_common(self):
        return self.env.su or self.env.user.has_group("base.group_system")

    @api.model
    def _common_domain(self, mode):
        """What the record rules of a list get besides: whoever is no system administrator writes
        only what is of a government, whose own rules say of which.

        :param str mode: operation
        """
        if mode == "read" or not self._may_be_common() or self._writes_common():
            return Domain.TRUE
        return Domain(self._government_path(), "in", self.env.companies.ids)

    def _common_records(self):
        """Those of these records that are for all governments."""
        if not self._may_be_common():
            return self.browse()
        # Only whether they belong to one.
        system = self.sudo().exists()
        return self & system.filtered(lambda record: not record.mapped(self._government_path()))

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "company_id" in fields and self._starts_own() and not values.get("company_id"):
            values["company_id"] = self.env.company.id
        return values

    def copy_data(self, default=None):
        if self._starts_own():
            default = {"company_id": self.env.company.id, **(default or {})}
        return super().copy_data(default)

    @api.model
    def _starts_own(self):
        """Whether what this user makes in this list is of the government where he works."""
        return (
            self._government_path() == "company_id"
            and self._may_be_common()
            and not self._writes_common()
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su and self._government_path() and vals_list:
            # What the record is of, the record rules have looked at.
            records._check_governments(set().union(*vals_list))
        return records

    def write(self, vals):
        result = super().write(vals)
        path = not self.env.su and self._government_path()
        if path:
            if vals.keys() & self._leading_fields(path):
                # The record may be another government's by now, or everybody's.
                self.check_access("write")
            self._check_governments(vals)
        return result

    @api.model
    def _leading_fields(self, path):
        """Fields by which a record could be given to another government."""
        name = path.split(".", maxsplit=1)[0]
        related = self._fields[name].related
        return {name, related.split(".", maxsplit=1)[0]} if related else {name}

    def _check_governments(self, names):
        """Refuse to point to records of others.

        :param names: of the fields that were written
        :raises AccessError: when their user may not read what they point to
        """
        if self._is_paper():
            # Cases and their papers are checked by ``check_company``, also in acts of the system.
            return
        path = self._government_path()
        related = path in names and self._fields[path].related
        if related and any(record[path] != record.mapped(related) for record in self.sudo()):
            # What it belongs to says its government, and nothing else does.
            raise self.env["ir.rule"]._make_access_error("write", self)
        for name in names:
            field = self._fields.get(name)
            if field is None or field.type not in ("many2one", "many2many"):
                continue
            other = self.env[field.comodel_name]
            if other._name in OF_GOVERNMENTS or other._government_path():
                # Only which records these are; they are checked as the user.
                found = self.sudo()[name].with_env(self.env)
                if not found:
                    continue
                found.check_access("read")
                path = other._government_path()
                if path and not found.sudo().mapped(path) <= self.env.companies:
                    # Everybody reads all office hours; that does not make them one's own.
                    raise self.env["ir.rule"]._make_access_error("read", found)
