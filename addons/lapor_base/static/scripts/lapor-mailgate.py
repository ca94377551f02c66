#!/usr/bin/env python3
"""Hand one mail, on standard input, over to Lapor; for the pipe of a mail server.

    lapor-mailgate.py --url https://lapor.kab.go.id/lapor/mail/3 --secret-file /etc/lapor/secret \
        [recipient ...]

Postfix, in master.cf and transport:

    lapor  unix  -  n  n  -  4  pipe  flags=Rq user=nobody
      argv=/usr/local/bin/lapor-mailgate.py --url … --secret-file … ${recipient}

Exit codes are those of sendmail: 0 when the mail is safe in Lapor; 75 when the server should keep
it and try again; 77 when the secret is wrong; 69 when Lapor refuses it for good. Needs Python 3
and nothing else.
"""

import argparse
import pathlib
import sys
import urllib.error
import urllib.request

OK, UNAVAILABLE, TEMPORARY, NO_PERMISSION = 0, 69, 75, 77


def main() -> int:
    """Hand over the mail; see the module's text for the exit codes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--secret-file", required=True, type=pathlib.Path)
    parser.add_argument("--timeout", type=float, default=120, help="seconds")
    parser.add_argument("recipients", nargs="*")
    options = parser.parse_args()
    try:
        secret = options.secret_file.read_text().strip()
    except OSError as error:
        sys.stderr.write(f"cannot read the secret: {error}\n")
        return TEMPORARY
    request = urllib.request.Request(
        options.url,
        data=sys.stdin.buffer.read(),
        headers={
            "Authorization": f"Bearer {secret}",
            "Content-Type": "message/rfc822",
            "X-Envelope-To": ",".join(options.recipients),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=options.timeout) as answer:
            answer.read()
            return OK
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"Lapor answers {error.code}\n")
        if error.code in (401, 403):
            return NO_PERMISSION
        return UNAVAILABLE if error.code in (400, 404, 405, 413) else TEMPORARY
    except (OSError, ValueError) as error:
        sys.stderr.write(f"Lapor is not there: {error}\n")
        return TEMPORARY


if __name__ == "__main__":
    sys.exit(main())
