from odoo import SUPERUSER_ID, api

from odoo.addons.lapor_base.models.mail_message import SEALED_SUBTYPES
from odoo.addons.lapor_base.tools.program import as_program


def migrate(cr, version):
    """Files and mails of anonymous cases lose what tells who sent them; then messages and files
    of before events proved them are sealed as they are now."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "bin_size": False})
    for cases in env["lapor.event"]._evidence_pages():
        cases = cases.with_env(env)
        with as_program():
            for case in cases.filtered(lambda case: case._is_hidden() and case.complainant_id):
                case._mask_thread(only_own=True)
                case._strip_files()
        _seal(env, cases)
        env.flush_all()
        env.invalidate_all()
    # What was attached by hand.
    env["lapor.event"]._seal_all_files()


def _seal(env, cases):
    find = env["ir.model.data"]._xmlid_to_res_id
    messages = env["mail.message"].search(
        [
            ("model", "=", cases._name),
            ("res_id", "in", cases.ids),
            ("subtype_id", "in", [find(xmlid) for xmlid in SEALED_SUBTYPES]),
        ],
        order="id",
    )
    said = messages.grouped("res_id")
    entries = []
    for case in cases:
        told, facts = said.get(case.id, messages.browse()), {"why": "upgrade"}
        files = case.step_ids.attachment_ids | told.attachment_ids | case.complainant_id.file_ids
        for key, records in (("messages", told), ("files", files)):
            known = set()
            for event in case.event_ids:
                known.update((event.data or {}).get(key) or {})
            new = records.filtered(lambda record, known=known: str(record.id) not in known)
            if new:
                facts[key] = {str(record.id): record._seal() for record in new}
        if len(facts) > 1:
            entries.append({"complaint": case, "code": "recorded", "data": facts})
    env["lapor.event"]._log(entries)
