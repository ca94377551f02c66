"""What PDF/A-3b asks of a file's structure, as far as it can be checked without veraPDF.

veraPDF is in none of the registries that the project uses; these are the clauses of ISO 19005-3
that a printed form can break.
"""

import io
import re

import pypdf
from lxml import etree

XMP = "{http://www.aiim.org/pdfa/ns/id/}"


def faults(content: bytes) -> list[str]:
    """Clauses that ``content`` breaks; empty when none is.

    :param content: a whole PDF file
    """
    reader = pypdf.PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    found = [
        words
        for words, broken in (
            ("6.1.2: header", not re.match(rb"%PDF-1\.\d\n%[\x80-\xff]{4}", content)),
            ("6.1.3: no identifier", "/ID" not in reader.trailer),
            ("6.1.3: encrypted", reader.is_encrypted),
            ("6.2.3: no output intent", not _has_intent(root)),
            ("6.5.2: action on opening", "/AA" in root),
            (
                "6.6.4: XMP does not say PDF/A-3b",
                _claims(root) != {"part": "3", "conformance": "B"},
            ),
            ("tagged: not marked", not root.get("/MarkInfo", {}).get("/Marked")),
            ("tagged: no structure", "/StructTreeRoot" not in root),
            ("tagged: no language", not root.get("/Lang")),
        )
        if broken
    ]
    for number in range(1, int(reader.trailer["/Size"])):
        try:
            thing = reader.get_object(number)
        except (pypdf.errors.PdfReadError, KeyError):
            continue
        if isinstance(thing, dict):
            found += _faults_of(thing)
    return found


def _has_intent(root):
    intents = [intent.get_object() for intent in root.get("/OutputIntents", [])]
    return any(intent.get("/S") == "/GTS_PDFA1" for intent in intents)


def _claims(root):
    if "/Metadata" not in root:
        return {}
    claims = {}
    for node in etree.fromstring(root["/Metadata"].get_object().get_data()).iter():
        if isinstance(node.tag, str):
            pairs = [(node.tag, node.text), *node.attrib.items()]
            claims.update(
                {name[len(XMP) :]: value for name, value in pairs if name.startswith(XMP)}
            )
    return claims


def _faults_of(thing):
    """Clauses that one object breaks."""
    kind, subtype = thing.get("/Type"), thing.get("/Subtype")
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    single = kind == "/Font" and subtype in ("/CIDFontType2", "/CIDFontType0", "/TrueType")
    if single and not files & set(thing.get("/FontDescriptor", {})):
        yield f"6.2.11.4: font {thing.get('/BaseFont')} is not embedded"
    if kind == "/Font" and subtype == "/Type0" and "/ToUnicode" not in thing:
        yield f"6.2.11.7: font {thing.get('/BaseFont')} without its characters"
    if thing.get("/S") in ("/JavaScript", "/Launch", "/Sound", "/Movie", "/SubmitForm"):
        yield f"6.5.1: action {thing['/S']}"
    if subtype == "/Image" and str(thing.get("/Interpolate")) == "True":
        yield "6.2.8: interpolated picture"
