"""Many sheets of :mod:`.pdf` as one file, which is tagged PDF/A-3b as each of them is.

Sheets are written to the file one by one and forgotten: what is kept of each is where its
objects lie and a few numbers, so that memory does not grow with what is on them. General
libraries hold the whole document until it is written, and drop the tags when they append pages.
"""

import hashlib
import io
import struct
import zlib

import pypdf
from lxml import etree
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

PAGES, TAGS, CATALOG = 1, 2, 3
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
# Where an object lies: (1, offset, 0), or (2, stream of objects, place in it). Kept packed: this
# table is what grows, about 120 objects a sheet.
ENTRY = struct.Struct(">BQI")
# What numbers the entries of the parent tree, which begins anew in each sheet.
PARENTS = ("/StructParents", "/StructParent")


class NotOurs(ValueError):
    """The file is no tagged PDF/A of :mod:`.pdf`."""


class Joiner:
    """Writes sheets into one file.

    :param target: binary file, open for writing
    :param str title: of the whole
    """

    def __init__(self, target, title):
        self._target = target
        self._title = title
        self._places = bytearray(CATALOG * ENTRY.size)
        self._last = CATALOG
        self._position = 0
        self._pages = []
        self._tags = []
        self._parents = []
        self._bookmarks = []
        self._streams = {}
        self._packed = []
        self._intent = self._metadata = None
        self._digest = hashlib.sha256()
        self._put(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")

    def add(self, content):
        """Write one sheet, of one or more pages.

        :param bytes content: as :func:`.pdf.write_pdf` gives it
        :raises NotOurs: when it is something else; nothing of it is written then
        """
        reader = pypdf.PdfReader(io.BytesIO(content))
        root = reader.trailer["/Root"]
        needed = ("/StructTreeRoot", "/OutputIntents", "/Metadata")
        tree = root.get("/StructTreeRoot")
        if any(key not in root for key in needed) or "/Nums" not in tree.get("/ParentTree", {}):
            raise NotOurs("not a tagged PDF/A")
        sheet = _Sheet(self, len(self._parents))
        sheet.numbers[root.raw_get("/StructTreeRoot").idnum] = TAGS
        first = len(self._pages)
        for page in reader.pages:
            page[pypdf.generic.NameObject("/Parent")] = IndirectObject(PAGES, 0, None)
            self._pages.append(sheet.number(page.indirect_reference))
        kids = tree["/K"]
        self._tags += [
            sheet.number(kid) for kid in (kids if isinstance(kids, list) else [tree.raw_get("/K")])
        ]
        nums = tree["/ParentTree"]["/Nums"]
        for index in range(1, len(nums), 2):
            self._parents.append(self._write(sheet.dump(nums[index])))
        if self._intent is None:
            self._intent = sheet.dump(root["/OutputIntents"])
            self._metadata = root["/Metadata"].get_data()
        title = reader.metadata.title if reader.metadata else None
        sheet.write_all()
        self._pack()
        self._bookmarks.append((title or f"{len(self._bookmarks) + 1}", self._pages[first]))

    def close(self):
        """Write what belongs to the whole: pages, tags, bookmarks, and where all of it lies.

        :raises ValueError: without a sheet
        """
        if not self._pages:
            raise ValueError("no sheets")
        metadata = self._write(_stream(b"/Type/Metadata/Subtype/XML", self._titled_metadata()))
        self._write(
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), _references(self._pages)),
            PAGES,
        )
        nums = b" ".join(
            b"%d %d 0 R" % (index, number) for index, number in enumerate(self._parents)
        )
        parents = self._write(b"<</Nums[%s]>>" % nums)
        self._write(
            b"<</Type/StructTreeRoot/K[%s]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (_references(self._tags), parents, len(self._parents)),
            TAGS,
        )
        outlines = self._write_bookmarks()
        info = self._write(b"<</Title %s>>" % _text(self._title))
        self._write(
            b"<</Type/Catalog/Pages %d 0 R/Lang(id)/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
            b"/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents %s/Metadata %d 0 R"
            b"/Outlines %d 0 R/PageMode/UseOutlines>>"
            % (PAGES, TAGS, self._intent, metadata, outlines),
            CATALOG,
        )
        self._pack()
        start, number = self._position, self._reserve()
        self._place(number, 1, start, 0)
        name = self._digest.hexdigest()[:32].encode()
        head = b"/Type/XRef/Size %d/W[1 8 4]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
            self._last + 1,
            CATALOG,
            info,
            name,
            name,
        )
        self._put_object(number, _deflated(head, ENTRY.pack(0, 0, 65535) + self._places))
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write_bookmarks(self):
        """One bookmark for each sheet; returns the number of their root."""
        root = self._reserve()
        numbers = [self._reserve() for _bookmark in self._bookmarks]
        for index, (title, page) in enumerate(self._bookmarks):
            around = b""
            if index:
                around += b"/Prev %d 0 R" % numbers[index - 1]
            if index + 1 < len(numbers):
                around += b"/Next %d 0 R" % numbers[index + 1]
            self._write(
                b"<</Title %s/Parent %d 0 R%s/Dest[%d 0 R /Fit]>>"
                % (_text(title), root, around, page),
                numbers[index],
            )
        self._write(
            b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>"
            % (len(numbers), numbers[0], numbers[-1]),
            root,
        )
        return root

    def _titled_metadata(self):
        """The first sheet's XMP, with the title of the whole."""
        tree = etree.fromstring(self._metadata)
        for title in tree.iter(TITLE):
            for item in title.iter(f"{RDF}li"):
                item.text = self._title
        return (
            b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
            + etree.tostring(tree, encoding="utf-8")
            + b'\n<?xpacket end="r"?>'
        )

    # ------------------------------------------------------------
    # OBJECTS
    # ------------------------------------------------------------

    def _reserve(self):
        self._last += 1
        self._places += bytes(ENTRY.size)
        return self._last

    def _place(self, number, *entry):
        ENTRY.pack_into(self._places, (number - 1) * ENTRY.size, *entry)

    def _write(self, body, number=None):
        """Write one object; returns its number."""
        number = number or self._reserve()
        # Streams stand by themselves; everything else is packed.
        if body.endswith(b"endstream"):
            self._place(number, 1, self._position, 0)
            self._put_object(number, body)
        else:
            self._packed.append((number, body))
        return number

    def _pack(self):
        """Write the small objects that wait, as one compressed stream of them."""
        if not self._packed:
            return
        holder = self._reserve()
        heads, bodies, position = [], [], 0
        for index, (number, body) in enumerate(self._packed):
            self._place(number, 2, holder, index)
            heads.append(b"%d %d" % (number, position))
            bodies.append(body)
            position += len(body) + 1
        index = b" ".join(heads) + b"\n"
        head = b"/Type/ObjStm/N %d/First %d" % (len(heads), len(index))
        self._place(holder, 1, self._position, 0)
        self._put_object(holder, _deflated(head, index + b"\n".join(bodies)))
        self._packed = []

    def _put_object(self, number, body):
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _put(self, data):
        self._target.write(data)
        self._digest.update(data)
        self._position += len(data)


class _Sheet:
    """One sheet while it is written: which of its objects has which number in the whole."""

    def __init__(self, joiner, base):
        self.numbers = {}
        self._joiner = joiner
        self._base = base
        self._waiting = []

    def number(self, reference):
        """The number of an object in the whole; it is written later when it is new."""
        known = self.numbers.get(reference.idnum)
        if known:
            return known
        thing = reference.get_object()
        stream = isinstance(thing, StreamObject)
        if stream and not any(isinstance(thing.raw_get(key), IndirectObject) for key in thing):
            # Letters, colours and pictures that several sheets share are written once.
            digest = hashlib.sha256(self.dump(thing)).digest()
            number = self._joiner._streams.get(digest)
            if not number:
                number = self._joiner._streams[digest] = self._joiner._reserve()
                self._waiting.append((number, thing))
        else:
            number = self._joiner._reserve()
            self._waiting.append((number, thing))
        self.numbers[reference.idnum] = number
        return number

    def write_all(self):
        """Write all that has a number and is not written yet."""
        while self._waiting:
            number, thing = self._waiting.pop()
            self._joiner._write(self.dump(thing), number)

    def dump(self, thing):
        """The bytes of a value, with the whole's numbers."""
        if isinstance(thing, IndirectObject):
            if thing.idnum == PAGES and thing.pdf is None:
                return b"%d 0 R" % PAGES
            return b"%d 0 R" % self.number(thing)
        if thing is None or isinstance(thing, NullObject):
            return b"null"
        if isinstance(thing, StreamObject):
            head = b"".join(
                self._pair(key, thing.raw_get(key)) for key in thing if key != "/Length"
            )
            return _stream(head, thing._data)
        if isinstance(thing, DictionaryObject):
            return b"<<%s>>" % b"".join(self._pair(key, thing.raw_get(key)) for key in thing)
        if isinstance(thing, ArrayObject):
            return b"[%s]" % b" ".join(self.dump(item) for item in list.__iter__(thing))
        output = io.BytesIO()
        thing.write_to_stream(output)
        return output.getvalue()

    def _pair(self, key, value):
        name = io.BytesIO()
        pypdf.generic.NameObject(key).write_to_stream(name)
        if key in PARENTS and isinstance(value, int):
            return b"%s %d" % (name.getvalue(), int(value) + self._base)
        return b"%s %s" % (name.getvalue(), self.dump(value))


def _stream(head, data):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(data), data)


def _deflated(head, data):
    return _stream(head + b"/Filter/FlateDecode", zlib.compress(data))


def _references(numbers):
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _text(words):
    return b"<%s>" % (b"\xfe\xff" + words.encode("utf-16-be")).hex().encode()
