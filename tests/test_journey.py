"""From nothing to the sent response: the command, three mails, seven officers, a browser."""

import json
import pathlib
import resource
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
MAILS = HERE / "fixtures" / "mail"
ASK = """
import json
complaint = env["lapor.complaint"].search([("number", "=", "{number}")])
final = complaint.response_ids.filtered(lambda response: response.kind == "final")
print(json.dumps({{
    "phase": complaint.phase,
    "outcome": complaint.outcome,
    "steps": complaint.step_ids.mapped("sop_step_id.number"),
    "officers": len(complaint.step_ids.user_id),
    "state": final.state,
    "signed_by": final.signed_by_id.login,
    "mail_to": final.mail_id.email_to,
    "broken": env["lapor.event"]._verify_chains(complaint),
}}))
"""


def lift_memory_limit():
    """Undo the limit that Odoo sets for itself in this process: a browser needs more room."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


@pytest.mark.browser
@pytest.mark.slow
def test_a_mail_walks_balangan_to_the_sent_response(lapor, free_port, tmp_path):
    lapor("run", "--detach", "--port", free_port)
    names = ("plain", "photo", "outlook")
    said = lapor("mail", "--json", *(str(MAILS / f"{name}.eml") for name in names))
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [line["result"] for line in lines] == ["new"] * 3
    numbers = [line["number"] for line in lines]
    assert all(number.startswith("BLG-") for number in numbers)

    walked = subprocess.run(
        [
            sys.executable,
            str(HERE / "journey.py"),
            *("--base", f"http://127.0.0.1:{free_port}", "--number", numbers[0]),
        ],
        preexec_fn=lift_memory_limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr

    script = tmp_path / "ask.py"
    script.write_text(ASK.format(number=numbers[0]))
    found = json.loads(lapor("shell", str(script)).splitlines()[-1])
    assert found == {
        "phase": "closed",
        "outcome": "handled",
        "steps": [str(number) for number in range(1, 12)],
        "officers": 7,
        "state": "delivered",
        "signed_by": "kepala.dpupr.balangan",
        "mail_to": '"Siti Rahmah" <siti.rahmah@warga.example>',
        "broken": {},
    }
