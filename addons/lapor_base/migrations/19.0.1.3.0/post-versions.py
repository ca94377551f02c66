from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Begin the wordings of complaints of before with what each of them says now."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    cases = env["lapor.complaint"].search([("version_ids", "=", False)], order="id")
    for start in range(0, len(cases), 200):
        part = cases[start : start + 200]
        words = {case: case._words() for case in part}
        versions = env["lapor.complaint.version"]._keep(
            {case: (said, said) for case, said in words.items()}
        )
        for case in part.filtered("is_anonymous"):
            case._hide_versions(case.event_tip[0] + 1, first=True)
        env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": "data_changed",
                    "data": {"fields": [], "words": version.hash},
                }
                for case, version in zip(part, versions, strict=True)
            ]
        )
        env.flush_all()
        env.invalidate_all()
