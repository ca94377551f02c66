"""How letters address people and bodies, and list those who get a copy."""

import re

#: A name that begins with one of these is an office, a shop or a body: it is no Saudara.
BODIES = frozenset(
    [
        "apotek",
        "asosiasi",
        "badan",
        "bank",
        "bendahara",
        "bupati",
        "camat",
        "cv",
        "desa",
        "dewan",
        "dinas",
        "direktur",
        "forum",
        "fa",
        "gapoktan",
        "gubernur",
        "hotel",
        "inspektur",
        "instansi",
        "kantor",
        "karang",
        "kecamatan",
        "kelompok",
        "kelurahan",
        "kementerian",
        "kepala",
        "ketua",
        "klinik",
        "komunitas",
        "koperasi",
        "kpu",
        "lembaga",
        "lsm",
        "lurah",
        "madrasah",
        "masjid",
        "musala",
        "ombudsman",
        "organisasi",
        "paguyuban",
        "panti",
        "pasar",
        "pd",
        "pdam",
        "pengurus",
        "perhimpunan",
        "perkumpulan",
        "perumda",
        "perusahaan",
        "pimpinan",
        "pln",
        "pondok",
        "posyandu",
        "pt",
        "puskesmas",
        "restoran",
        "rs",
        "rsud",
        "rt",
        "rumah",
        "rw",
        "satpol",
        "sd",
        "sekolah",
        "sekretaris",
        "serikat",
        "sma",
        "smk",
        "smp",
        "takmir",
        "tk",
        "toko",
        "ud",
        "universitas",
        "upt",
        "walikota",
        "warung",
        "wali",
        "yayasan",
    ]
)
_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-•*–])\s*")


def addressed(name: str) -> str:
    """A name as it stands after "Yth.": people are "Sdr.", bodies and holders of an office not."""
    words = re.findall(r"\w+", name.casefold())
    return name if words and words[0] in BODIES else f"Sdr. {name}"


def copies(text: str) -> list[str]:
    """Those who get a copy, one a line, without the numbers that somebody typed: the list has its
    own."""
    lines = (_NUMBER.sub("", line).strip() for line in (text or "").splitlines())
    return [line for line in lines if line]
