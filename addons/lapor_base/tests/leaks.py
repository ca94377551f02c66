"""Planting a marker in everything that a case has, and walking the registry for it.

Both go by the registry: a new model, and a new field of a model, is covered by itself.
"""

import json

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from .papers import PapersCase

# What holds no words of anybody: the program's own descriptions, and lists of the world.
DULL = (
    "base.",
    "ir.",
    "report.",
    "res.country",
    "res.currency",
    "res.lang",
    "res.groups",
    "web_",
    "mail.ice",
)
NOT_DULL = {"ir.attachment", "ir.default", "ir.exports", "ir.filters", "ir.logging"}
NOWHERE = "Wqynowhere"
TEXTS = ("char", "text", "html")
# Fingerprints, fixed lists and addresses by which records are found: no words of people.
NO_WORDS = {
    *("hash", "previous_hash", "text_hash", "sha256"),
    *("method", "model", "res_model", "tracking_code"),
}


class LeaksCase(PapersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            name: getattr(cls, name)
            for name in (
                *("operator", "head", "engineer", "outsider", "inspector"),
                *("overseer", "administrator", "employee", "portal", "public"),
            )
        }
        exporters = cls.env.ref("base.group_allow_export")
        for user in cls.people.values():
            if user._is_internal():
                user.group_ids += exporters
        cls.floors = {}
        for name, model in cls.env.registry.items():
            if cls._is_walked(name, model):
                cls.floors[name] = 0
                if not model._auto:
                    continue
                rows = cls.env.execute_query(
                    SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(model._table))
                )
                cls.floors[name] = rows[0][0]

    @classmethod
    def _is_walked(cls, name, model):
        return (
            not model._abstract
            and (model._auto or name.startswith("lapor."))
            and (name in NOT_DULL or not name.startswith(DULL))
        )

    # ------------------------------------------------------------
    # PLANTING
    # ------------------------------------------------------------

    def _plant_case(self, marker, **values):
        """A case at its last step whose every act, message, file and activity says the marker.

        :returns: lapor.complaint, as the system
        """
        complaint = self._make_complaint(
            name=f"Judul {marker}", description=f"Isi {marker}", place=f"Tempat {marker}", **values
        )
        self._say(complaint, marker)
        items = self.env["lapor.missing.item"].search([], limit=1)
        own = complaint.with_user(self.operator)
        for _turn in range(2):
            # Once for the agreement of whoever signs, once more with the proof.
            own.action_hold(items.ids, note=f"Apa {marker}", delivery_note=f"Bukti {marker}")
            self._agree(complaint)
        own.action_resume()
        self._walk_to(complaint, "3")
        self._say(complaint, marker)
        complaint.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"Ingat {marker}",
            note=f"Catatan {marker}",
            user_id=self.engineer.id,
        )
        complaint.with_user(self.operator).name = f"Judul baru {marker}"
        self._walk_to(complaint, "5")
        self.env["lapor.inspection"]._record(
            complaint.sudo().current_step_id,
            {"date": "2026-01-05", "place": marker, "findings": marker, "conclusion": marker},
        )
        case = complaint.sudo()
        for paper in self._papers(case).values():
            if paper._name not in ("lapor.complaint", "lapor.complainant"):
                self._plant(paper.search([("complaint_id", "=", case.id)]), marker)
        self.flush_tracking()
        return case

    def _say(self, complaint, marker):
        complaint.with_user(self.operator).message_post(
            body=f"Pesan {marker}",
            subject=f"Perihal {marker}",
            attachments=[(f"{marker}.txt", f"Isi {marker}".encode())],
            subtype_xmlid="mail.mt_comment",
        )

    def _plant(self, records, marker):
        """Put the marker into every text that these records can hold, past the program."""
        if records._name == "lapor.event" or not records._auto:
            return
        if records._lapor_frozen_files:
            # A file whose record was changed is not handed out at all (test_frozen_files.py).
            return
        self.env.flush_all()
        for name, field in records._fields.items():
            if (
                field.type in TEXTS
                and field.store
                and not field.related
                and field.translate is not True
                and name not in NO_WORDS
            ):
                # Where a value must be unique, it also is with the record's id in it.
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s || id WHERE id IN %s",
                        SQL.identifier(records._table),
                        SQL.identifier(name),
                        f"{marker} ",
                        tuple(records.ids),
                    )
                )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # WALKING
    # ------------------------------------------------------------

    def _told(self, user, markers):
        """What comes out to this user.

        :param markers: words to look for
        :returns: {model: [way]}, ways by which a marker came out
        """
        self.env.invalidate_all()
        told = {}
        for name, floor in self.floors.items():
            own = self.env[name].with_user(user)
            if own.has_access("read"):
                ways = list(self._ways(own, floor, markers))
                if ways:
                    told[name] = ways
        return told

    def _ways(self, own, floor, markers):
        """The ways by which a marker comes out of the new records of a model."""
        new = Domain("id", ">", floor)
        found = self._try(lambda: own.with_context(active_test=False).search(new)) or own
        names = [
            name
            for name, field in own._fields.items()
            if own._has_field_access(field, "read") and field.type not in ("binary", "image")
        ]
        if found:
            raw = ["raw"] if own._name == "ir.attachment" else []
            yield from self._probe("read", found.read, names + raw, markers)
        if own._rec_name or own._rec_names_search:
            yield from (
                f"name_search {marker}"
                for marker in markers
                if self._has(self._try(lambda m=marker: own.name_search(m)), markers)
            )

        def differs(places):
            # What finds as much by a word that stands nowhere tells nothing.
            counts = [
                own.with_context(active_test=False).search_count(
                    new & Domain.OR(self._search(own, place, words) for place in places)
                )
                for words in (markers, [NOWHERE])
            ]
            return counts[0] != counts[1]

        places = list(self._places(own))
        yield from self._probe("search", differs, places, markers, told=bool)
        if own._name.startswith("lapor."):
            yield from self._lapor_ways(own, new, found, names, markers)

    def _lapor_ways(self, own, new, found, names, markers):
        """What the screens and exports of our own models do besides."""
        if not found:
            return

        def screen(parts):
            specification = {
                name: {"fields": {"display_name": {}}}
                if own._fields[name].relational and own._fields[name].comodel_name in self.floors
                else {}
                for name in parts
            }
            return own.web_search_read(new, specification)["records"]

        yield from self._probe("screen", screen, names, markers)
        exported = [name for name in names if own._fields[name].type != "json" and name != "id"]
        export = lambda parts: found.export_data(parts)["datas"]  # noqa: E731
        yield from self._probe("export", export, exported, markers)
        for name in names:
            field = own._fields[name]
            if field.store and field.type in ("char", "many2one", "many2many"):
                groups = self._try(lambda n=name: own.formatted_read_group(new, [n], ["__count"]))
                if self._has(groups, markers):
                    yield f"group {name}"
            if own._name == "lapor.complaint" and field.type == "many2one" and field.store:
                panel = self._try(lambda n=name: own.search_panel_select_range(n))
                if self._has(panel, markers):
                    yield f"search panel {name}"

    def _places(self, own):
        """Where hidden words could be guessed by searching: own texts, and the texts of what a
        record refers to, as (field, texts of the other model)."""
        for name, field in own._fields.items():
            if not field._description_searchable or not own._has_field_access(field, "read"):
                continue
            if field.type in TEXTS:
                yield name, ()
            elif field.relational and own._name.startswith("lapor.") and field.store:
                other = own.env.get(field.comodel_name)
                if other is None or field.comodel_name not in self.floors:
                    continue
                texts = [
                    deeper
                    for deeper, part in other._fields.items()
                    if part.type in TEXTS and part.store and other._has_field_access(part, "read")
                ]
                if texts and other.has_access("read"):
                    yield name, texts

    def _search(self, own, place, words):
        name, texts = place
        if not texts:
            return Domain.OR(Domain(name, "ilike", word) for word in words)
        deep = Domain.OR(Domain(text, "ilike", word) for text in texts for word in words)
        return Domain(name, "any", deep)

    def _probe(self, label, way, parts, markers, told=None):
        """Go a way with all its parts at once; where that fails or a marker comes out, find the
        part, by halves.

        :param told: what says of a result that a marker came out; by default, that it is in it
        """
        if not parts:
            return
        shown = self._try(lambda: way(parts))
        guilty = told(shown) if told else self._has(shown, markers)
        if shown is not None and not guilty:
            return
        if len(parts) > 1:
            half = len(parts) // 2
            yield from self._probe(label, way, parts[:half], markers, told)
            yield from self._probe(label, way, parts[half:], markers, told)
        elif guilty:
            yield f"{label} {parts[0]}"

    def _try(self, way):
        try:
            with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                return way()
        except (AccessError, MissingError, UserError, ValueError, NotImplementedError):
            return None

    @staticmethod
    def _has(shown, markers):
        text = json.dumps(shown, default=str, ensure_ascii=False) if shown else ""
        return any(marker in text for marker in markers)
