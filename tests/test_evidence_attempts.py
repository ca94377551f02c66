"""Each attempt on the evidence, done to real rows: noticed by what docs/security.md says."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lapor_base.tests import common
from odoo.addons.lapor_base.tools.event_chain import event_hash
from odoo.addons.lapor_base.tools.fingerprint import of_bytes, proof

from . import evidence_attempts
from .evidence_attempts import ATTEMPTS

FORGED = b"%PDF-1.7 palsu"


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


PHOTO, PROOF, OTHER = picture("gray"), picture("green"), picture("red")
INSPECTION = {
    "place": "Pasar",
    "findings": "Lampu mati",
    "conclusion": "Aduan benar",
}


class EvidenceCase(common.LaporCase):
    """A small government in which every kind of evidence has a row, all of it anchored."""

    def setUp(self):
        super().setUp()
        self.Event = self.env["lapor.event"]
        self.Anchor = self.env["lapor.event.anchor"]
        self.opd.write(
            {
                "paraf_source": "list",
                "paraf_rule_ids": [
                    Command.create({"role_id": self.env.ref("lapor_base.role_admin_opd").id})
                ],
            }
        )
        self.sop.step_ids[2].sudo()._write({"extension_amount": 14})
        self.env.flush_all()
        self.env.invalidate_all()
        self.complaint = self._walked()
        self.other = self._make_others()
        self.Anchor._anchor()
        self.env.flush_all()
        self.rows = self._name_rows()

    def _walked(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        case = complaint.sudo()
        report = (
            case.env["lapor.inspection"]
            .with_user(self.engineer)
            .sudo()
            ._begin(case.current_step_id, {**INSPECTION, "date": fields.Date.today()})
        )
        self.photo = self.env["lapor.inspection.photo"].create(
            {"inspection_id": report.id, "image": base64.b64encode(PHOTO), "file_name": "foto.jpg"}
        )
        report._submit()
        report._sign_member(report.member_ids)
        self._walk_to(complaint, "4")
        case.response_ids.with_user(self.opd_admin).action_paraf()
        self._walk_to(complaint, "5")
        self._walk_to(complaint, None)
        proof_file = self.env["ir.attachment"].create({"name": "tanda.jpg", "raw": PROOF})
        case.response_ids.delivery_ids[-1:].attachment_ids = case._keep_files(proof_file)
        # By hand, beside every act.
        self.by_hand = self.env["ir.attachment"].create(
            {"name": "denah.txt", "raw": b"denah", "res_model": case._name, "res_id": case.id}
        )
        return complaint

    def _make_others(self):
        cases = self.env["lapor.complaint"].sudo()
        items = self.env.ref("lapor_base.missing_item_bukti")
        held = self._make_complaint()
        held.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        cases += held
        promised = self._walk_to(self._make_complaint(), "3")
        promised.with_user(self.engineer).action_promise(
            "Diaspal", fields.Date.today() + timedelta(days=60)
        )
        promised.with_user(self.engineer).action_ask_extension("Tiga desa")
        cases += promised
        returned = self._walk_to(self._make_complaint(), "3")
        returned.with_user(self.engineer).action_refuse_authority("Jalan provinsi")
        cases += returned
        hidden = self._make_complaint(is_anonymous=True)
        hidden.with_user(self.operator).action_reveal_identity("Perlu menghubungi pelapor segera")
        cases += hidden
        period = fields.Date.today() - timedelta(days=2)
        self.periodic = self.env["lapor.periodic"].create(
            {
                "kind": "custom",
                "unit_id": self.manager.id,
                "date_from": period,
                "date_to": period,
            }
        )
        self.periodic.action_finalize()
        return cases

    def _name_rows(self):
        case = self.complaint.sudo()
        everything = case | self.other
        newest = {
            model._name: model.search(model._evidence_domain(everything), order="id")
            for model in self._proved_models()
        }
        rows = {name.rpartition(".")[2]: found[-1:].id for name, found in newest.items()}
        final = case.response_ids.filtered(lambda response: response.kind == "final")
        return {
            **rows,
            "complaint": case.id,
            "step": case.step_ids[0].id,
            "response": final.id,
            "version": final.version_ids[-1:].id,
            "agenda": final.agenda_id.id,
            "delivery": final.delivery_ids[-1:].id,
            "paper": final.paper_ids.id,
            "disposition": case.disposition_ids[-1:].id,
            "disposition_line": case.disposition_ids.line_ids[-1:].id,
            "inspection": case.inspection_ids.id,
            "closing": case.closing_ids.id,
            "event": case.event_ids[3].id,
            "anchor": self.Anchor.search([], limit=1).id,
            "attachment": self.by_hand.id,
            "message": self.env["mail.message"]
            .search(
                [
                    ("model", "=", case._name),
                    ("res_id", "=", case.id),
                    ("subtype_id", "=", self.env.ref("lapor_base.mt_response").id),
                ],
                limit=1,
            )
            .id,
            "periodic_line": self.periodic.line_ids[:1].id,
            "other_unit": self.other_opd.id,
            "other_user": self.outsider.id,
        }

    def _proved_models(self):
        return [
            self.env[name].sudo().with_context(active_test=False)
            for name in self.Event._evidence_models()
            if self.env[name]._lapor_proved
        ]

    # What a role that owns the tables can do

    def _sql(self, *statements):
        self.env.flush_all()
        for statement in statements:
            self.env.cr.execute(statement)
        self.env.invalidate_all()

    def _unguard(self, table):
        """Switch off what keeps a table whole: triggers, foreign keys, unique indexes."""
        self.env.flush_all()
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        self.env.cr.execute(
            """SELECT conrelid::regclass::text, conname FROM pg_constraint
                WHERE contype = 'f' AND (confrelid = %s::regclass OR conrelid = %s::regclass)""",
            [table, table],
        )
        for owner, name in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(owner), SQL.identifier(name)
                )
            )
        self.env.cr.execute(
            """SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary""",
            [table],
        )
        for (name,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

    def _delete(self, name):
        model = self.env[name]
        self._unguard(model._table)
        row = self.rows[name.removeprefix("lapor.").rpartition(".")[2]]
        self._sql(SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(model._table), row))

    def _insert(self, name, row=None):
        """Put in a row like another."""
        model = self.env[name]
        self._unguard(model._table)
        table = SQL.identifier(model._table)
        key = {"lapor.disposition.line": "disposition_line"}.get(name, name.rpartition(".")[2])
        self._sql(
            SQL(
                """INSERT INTO %s SELECT (jsonb_populate_record(NULL::%s, to_jsonb(given)
                      || jsonb_build_object('id', nextval(%s::regclass)))).*
                     FROM %s AS given WHERE id = %s""",
                table,
                table,
                f"{model._table}_id_seq",
                table,
                row or self.rows[key],
            )
        )

    def _attachment(self, model, res_id, name):
        return self.env["ir.attachment"].search(
            [("res_model", "=", model), ("res_id", "=", res_id), ("res_field", "=", name)]
        )

    def _exchange(self, attachment, content=FORGED):
        """Let a file's bytes be others, at the disk: the row of the file says nothing."""
        read = type(self.env["ir.attachment"])._file_read
        fname = attachment.store_fname

        def forged(model, wanted, *args):
            return content if wanted == fname else read(model, wanted, *args)

        patcher = patch.object(type(self.env["ir.attachment"]), "_file_read", forged)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.undo.append(patcher.stop)
        self.env.invalidate_all()

    def _append(self, case, at, code="recorded", **values):
        """An event as the program would write it, with a hash that fits."""
        sequence, previous = self.Event._tips(case)[case.id]
        vals = {
            "complaint_id": case.id,
            "sequence": sequence + 1,
            "code": code,
            "at": at,
            "user_id": self.operator.id,
            "position_id": False,
            "visit_id": False,
            "data": {},
            **values,
        }
        self._sql(
            SQL(
                """INSERT INTO lapor_event (complaint_id, company_id, sequence, code, at, user_id,
                       data, proofs, previous_hash, hash)
                   VALUES (%s, %s, %s, %s, %s, %s, '{}', %s, %s, %s)""",
                case.id,
                case.company_id.id,
                sequence + 1,
                code,
                at,
                self.operator.id,
                fields.Json().convert_to_column(values.get("proofs"), self.Event),
                previous,
                event_hash(previous, self.Event._facts(vals)),
            )
        )

    def _told(self):
        return {(one["model"], one["reason"]) for one in self.Event._verify()["broken"]}


@tagged("post_install", "-at_install")
class TestEvidenceAttempts(EvidenceCase):
    def test_all_evidence_holds_before(self):
        result = self.Event._verify()
        self.assertEqual([one["sentence"] for one in result["broken"]], [])
        numbers = dict(result["checked"])
        for model in self._proved_models():
            kind = self.env["ir.model"]._get(model._name).name
            self.assertGreater(numbers[kind], 0, model._name)

    def test_each_attempt_is_noticed_by_what_the_table_says(self):
        for attempt in ATTEMPTS:
            self.undo = []
            with self.subTest(attempt.what), self.env.cr.savepoint() as savepoint:
                act = attempt.act
                if act.startswith("insert:"):
                    self._insert(act.partition(":")[2])
                elif act.startswith("delete:"):
                    self._delete(act.partition(":")[2])
                elif " " in act:
                    self._unguard("lapor_event")
                    self._unguard("lapor_event_anchor")
                    self.env.flush_all()
                    self.env.cr.execute(act, self.rows)
                    self.assertTrue(self.env.cr.rowcount)
                    self.env.invalidate_all()
                else:
                    getattr(self, f"_try_{act}")()
                self.assertEqual(self._told(), attempt.noticed)
                savepoint.rollback()
            for undo in self.undo:
                undo()
            self.env.invalidate_all()
        self.assertEqual(self._told(), set())

    def test_the_page_shows_the_table(self):
        page = evidence_attempts.PAGE.read_text()
        told = "The table has changed: run python tests/evidence_attempts.py"
        self.assertEqual(page, evidence_attempts.written(page), told)

    # The attempts that are more than one statement

    def _response(self):
        return self.env["lapor.response"].browse(self.rows["response"])

    def _try_forge_response(self):
        response = self._response()
        self._sql(SQL("UPDATE lapor_response SET body = '<p>Palsu</p>' WHERE id = %s", response.id))
        self._sql(
            SQL(
                "UPDATE lapor_response SET text_hash = %s WHERE id = %s",
                response._text_hash(response.number),
                response.id,
            )
        )

    def _try_forge_response_by_orm(self):
        response = self._response().sudo()
        response.write({"body": "<p>Palsu</p>"})
        response.write({"text_hash": response._text_hash(response.number)})
        self.Event._prove_rest()
        self.assertEqual(self.complaint.sudo().event_ids[-1].code, "recorded")

    def _try_reserve_number(self):
        self.env["lapor.agenda"]._next(self.manager, "letter", 2031)

    def _try_exchange_photo(self):
        self._exchange(self._attachment(self.photo._name, self.photo.id, "image"), OTHER)

    def _try_exchange_proof(self):
        delivery = self.env["lapor.delivery"].browse(self.rows["delivery"])
        self._exchange(delivery.attachment_ids, OTHER)

    def _try_exchange_file(self):
        self._exchange(self.by_hand, OTHER)

    def _try_insert_file(self):
        self._insert("ir.attachment")

    def _try_remove_file(self):
        self._delete("ir.attachment")

    def _paper(self):
        return self.env["lapor.paper"].browse(self.rows["paper"])

    def _paper_file(self):
        return self._attachment("lapor.paper", self.rows["paper"], "content")

    def _try_exchange_paper(self):
        self._exchange(self._paper_file())

    def _try_exchange_paper_and_hash(self):
        self._exchange(self._paper_file())
        self._sql(
            SQL(
                "UPDATE lapor_paper SET sha256 = %s WHERE id = %s",
                of_bytes(FORGED),
                self.rows["paper"],
            )
        )
        with self.assertRaises(UserError):
            self._paper()._bytes()

    def _try_point_paper_elsewhere(self):
        other = self.env["ir.attachment"].create({"name": "lain.pdf", "raw": FORGED})
        self._sql(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s WHERE id = %s",
                other.store_fname,
                other.checksum,
                self._paper_file().id,
            )
        )

    def _try_insert_paper(self):
        draft = self.env["lapor.response"].search([("state", "=", "submitted")], limit=1)
        self._insert("lapor.paper")
        self._sql(
            SQL(
                "UPDATE lapor_paper SET response_id = %s "
                "WHERE id = (SELECT MAX(id) FROM lapor_paper)",
                draft.id or None,
            )
        )

    def _try_exchange_report(self):
        self._exchange(self._attachment("lapor.periodic", self.periodic.id, "pdf"))

    def _try_forge_proof(self):
        self._unguard("lapor_event")
        closing = self.env["lapor.closing"].browse(self.rows["closing"]).sudo()
        self._sql(SQL("UPDATE lapor_closing SET note = 'Palsu' WHERE id = %s", closing.id))
        given = proof(closing._proved_values())
        self._sql(
            SQL(
                """UPDATE lapor_event SET proofs = jsonb_set(proofs, %s, to_jsonb(%s::text))
                    WHERE complaint_id = %s AND proofs -> 'lapor.closing' ? %s""",
                ["lapor.closing", str(closing.id)],
                given,
                self.complaint.id,
                str(closing.id),
            )
        )

    def _try_cut_tail(self):
        self._unguard("lapor_event")
        closed = self.complaint.sudo().event_ids.filtered(lambda event: event.code == "closed")
        self._sql(
            SQL(
                "DELETE FROM lapor_event WHERE complaint_id = %s AND sequence >= %s",
                self.complaint.id,
                closed.sequence - 2,
            )
        )

    def _rehash(self, case, **changes):
        """Write a chain anew so that each link fits."""
        self._unguard("lapor_event")
        previous = ""
        events = case.sudo().event_ids.sorted("sequence")
        for event in events:
            vals = event.read(
                ["sequence", "code", "at", "data", "proofs", "user_id", "position_id", "visit_id"],
                load=None,
            )[0]
            vals |= {"complaint_id": case.id, "data": vals["data"] or {}, **changes}
            digest = event_hash(previous, self.Event._facts(vals))
            self.env.cr.execute(
                SQL(
                    "UPDATE lapor_event SET user_id = %s, previous_hash = %s, hash = %s "
                    "WHERE id = %s",
                    vals["user_id"],
                    previous,
                    digest,
                    event.id,
                )
            )
            previous = digest
        self.env.invalidate_all()

    def _try_rewrite_chain(self):
        self._rehash(self.complaint, user_id=self.outsider.id)

    def _try_append_before_its_neighbour(self):
        case = self.complaint.sudo()
        self._append(case, case.event_ids[-1].at - timedelta(hours=1))

    def _try_back_date_case(self):
        complaint = self._make_complaint()
        self.Event._prove_rest()
        self._unguard("lapor_event")
        self._sql(
            SQL(
                "UPDATE lapor_event SET at = at - interval '30 days' WHERE complaint_id = %s",
                complaint.id,
            )
        )
        self._rehash(complaint)

    def _try_rewrite_everything(self):
        kept = self.Anchor.search([], limit=1).digest
        self._rehash(self.complaint, user_id=self.outsider.id)
        self._unguard("lapor_event_anchor")
        previous = ""
        for anchor in self.Anchor.sudo().search([], order="id"):
            tips = self.Event._tips(self.complaint)
            heads = {**anchor.heads, str(self.complaint.id): tips[self.complaint.id]}
            vals = anchor.read(["at", "last_event", "edition"])[0]
            vals |= {"heads": heads, "previous_hash": previous}
            previous = self.Anchor._digest(vals)
            self.env.cr.execute(
                SQL(
                    "UPDATE lapor_event_anchor SET heads = %s, previous_hash = %s, digest = %s "
                    "WHERE id = %s",
                    fields.Json().convert_to_column(heads, anchor),
                    vals["previous_hash"],
                    previous,
                    anchor.id,
                )
            )
        self.env.invalidate_all()
        self.assertFalse(self.Anchor.search([("digest", "=", kept)]))

    def _try_append_event(self):
        self._append(self.complaint.sudo(), fields.Datetime.now())

    def _try_forget_newest_case(self):
        complaint = self._make_complaint()
        self.Event._prove_rest()
        self._sql(
            *(
                SQL("DELETE FROM %s WHERE complaint_id = %s", SQL.identifier(table), complaint.id)
                for table in self._forget_tables(complaint)
            ),
            SQL("DELETE FROM lapor_complaint WHERE id = %s", complaint.id),
        )

    def _forget_tables(self, complaint):
        tables = ["lapor_event"]
        for model in self._proved_models():
            if model._name != "lapor.complaint" and model.search_count(
                [("complaint_id", "=", complaint.id)]
            ):
                tables.append(model._table)
        for table in [*tables, "lapor_complaint"]:
            self._unguard(table)
        return tables


@tagged("post_install", "-at_install")
class TestEveryProvedField(EvidenceCase):
    """No field that is said to be proved can be changed, no row put in or removed, unnoticed."""

    def _other_value(self, model, name):
        """SQL that gives a field another value."""
        field = model._fields[name]
        column = SQL.identifier(name)
        if field.type == "many2one":
            return SQL("CASE WHEN %s IS NULL THEN 1 ELSE %s + 1000000 END", column, column)
        if field.type in ("char", "text", "html", "selection"):
            return SQL("COALESCE(%s, '') || 'x'", column)
        if field.type == "boolean":
            return SQL("NOT COALESCE(%s, false)", column)
        if field.type == "datetime":
            return SQL("COALESCE(%s, now() at time zone 'UTC') - interval '1 day'", column)
        if field.type == "date":
            return SQL("COALESCE(%s, current_date) - 1", column)
        if field.type == "integer":
            return SQL("COALESCE(%s, 0) + 1", column)
        raise AssertionError(f"{model._name}.{name}: {field.type}")

    def _reasons(self, model, row):
        return {reason for _case, res_id, _name, reason in model._compare_proofs() if res_id == row}

    def test_every_field_of_every_kind_of_row(self):
        for model in self._proved_models():
            rows = model.search(model._evidence_domain(self.complaint | self.other), order="id")
            self.assertTrue(rows, model._name)
            row = rows.filtered(lambda one: one._is_provable())[-1].id
            self.assertEqual(self._reasons(model, row), set(), model._name)
            for name in model._lapor_proved:
                with self.subTest(f"{model._name}.{name}"), self.env.cr.savepoint() as savepoint:
                    self._unguard(model._table)
                    self._change(model, row, name)
                    self.assertTrue(self._reasons(model, row), name)
                    savepoint.rollback()
                self.env.invalidate_all()

    def _change(self, model, row, name):
        field = model._fields[name]
        if field.type == "many2many":
            other = self.env[field.comodel_name].search([], limit=1)
            links = SQL.identifier(field.relation)
            self._sql(
                SQL("DELETE FROM %s WHERE %s = %s", links, SQL.identifier(field.column1), row)
            )
            if self.env.cr.rowcount == 0:
                self._sql(SQL("INSERT INTO %s VALUES (%s, %s)", links, row, other.id))
            return
        for (check,) in self.env.execute_query(
            SQL(
                "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                model._table,
            )
        ):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s",
                    SQL.identifier(model._table),
                    SQL.identifier(check),
                )
            )
        self._sql(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(model._table),
                SQL.identifier(name),
                self._other_value(model, name),
                row,
            )
        )

    def test_a_row_of_each_kind_removed_and_put_in(self):
        for model in self._proved_models():
            rows = model.search(model._evidence_domain(self.complaint | self.other), order="id")
            row = rows.filtered(lambda one: one._is_provable())[-1].id
            with self.subTest(f"{model._name} put in"), self.env.cr.savepoint() as savepoint:
                self._insert(model._name, row)
                new = model.search([], order="id desc", limit=1).id
                self.assertEqual(self._reasons(model, new), {"inserted"})
                savepoint.rollback()
            self.env.invalidate_all()
            if model._name == "lapor.complaint":
                continue  # Nothing in the database could hold without it.
            with self.subTest(f"{model._name} removed"), self.env.cr.savepoint() as savepoint:
                self._unguard(model._table)
                self._sql(SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(model._table), row))
                self.assertEqual(self._reasons(model, row), {"removed"})
                savepoint.rollback()
            self.env.invalidate_all()

    def test_every_model_with_cases_is_evidence_or_says_why_not(self):
        """A new model that holds something of a case cannot be forgotten."""
        told = {
            "lapor.event": "is the chain itself",
            "lapor.clock": "computed from events and calendars; may be computed again",
            "lapor.clock.pause": "as the clock",
            "lapor.escalation": "reminders; each is an event",
            "lapor.figure.past": "former names, for figures of the past",
            "lapor.print.job": "print jobs, removed after days",
            "lapor.inspection.member": "proved with its inspection",
            "lapor.inspection.person": "proved with its inspection",
            "lapor.inspection.photo": "proved with its inspection",
            "lapor.mail.held": "mails before anything was made of them",
            "lapor.mail.receipt": "which mails came in, kept for a time",
        }
        found = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("lapor.")
            and not model._abstract
            and model._auto
            and not model._transient
            and "complaint_id" in model._fields
            and model._fields["complaint_id"].store
            and not model._lapor_evidence
        }
        self.assertLessEqual(found, set(told))
