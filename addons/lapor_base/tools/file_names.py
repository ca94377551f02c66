"""Names of files that run as programs when they are opened."""

import re

_PROGRAMS = re.compile(
    r"(ade|adp|apk|app|application|appx|bat|chm|cmd|com|cpl|dll|dmg|exe|gadget|hlp|hta|"
    r"htc|inf|ins|iso|isp|jar|js|jse|lnk|mde|msc|msh|msi|msix|msp|mst|nsh|pif|ps1|ps2|"
    r"psc1|reg|scf|scr|sct|shb|sys|vb|vbe|vbs|vhd|vhdx|vxd|wsc|wsf|wsh|xbap|xll|docm|"
    r"xlsm|pptm|dotm|xlam)"
)


def dangerous(name: str) -> bool:
    """Whether a file of this name starts a program on an ordinary computer.

    Looks at what Windows makes of the end of a name, too: trailing dots and blanks go, a colon
    begins a stream (``surat.exe:x``), and an override of direction hides the extension.
    """
    plain = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name.casefold())
    extension = plain.partition(":")[0].rstrip(". ").rpartition(".")
    return bool(extension[1] and _PROGRAMS.fullmatch(extension[2].strip()))
