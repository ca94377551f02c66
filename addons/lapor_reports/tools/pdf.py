"""HTML to PDF by WeasyPrint: tagged PDF/A-3b with real text and embedded fonts.

Nothing is read but what is handed in (:class:`Assets`): no file, no address, no ``data:`` URL,
so that a text from outside can neither call home nor show a file of the server.
The same HTML always gives the same bytes.
"""

import functools
import hashlib
import logging
import threading

SCHEME = "lapor-asset"
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation")

# WeasyPrint warns of every rule of CSS that it does not know, and tells whole addresses of what it
# was refused: texts of complaints have no place in a log.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.ERROR)


# Fonts of the machine, as each thread reads them: WeasyPrint never gives back what it read for one
# document (0.2 MB of each), and Pango is not made for several threads.
_fonts = threading.local()


class EngineMissing(Exception):
    """WeasyPrint or a library that it needs is not installed; the message names it."""


class Assets:
    """The pictures that one document may show, by addresses that only it knows."""

    def __init__(self):
        self._files = {}

    def add(self, content: bytes, mimetype: str) -> str:
        """Take in a file; returns the address for ``src``."""
        url = f"{SCHEME}:{hashlib.sha256(content).hexdigest()[:32]}"
        self._files[url] = (content, mimetype)
        return url

    def get(self, url: str) -> tuple[bytes, str]:
        """Content and type of a file.

        :raises PermissionError: when it was not taken in
        """
        if url not in self._files:
            raise PermissionError(f"not an asset of this document: {url[:80]}")
        return self._files[url]


@functools.cache
def _weasyprint():
    # Not at the top: a server without its libraries must still start.
    try:
        import weasyprint
        from weasyprint import urls
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        raise EngineMissing(str(error).splitlines()[0]) from error

    class OwnAssetsOnly(urls.URLFetcher):
        def __init__(self, assets):
            super().__init__(allowed_protocols={SCHEME}, allow_redirects=False)
            self._assets = assets

        def fetch(self, url, headers=None):
            content, mimetype = self._assets.get(url)
            return urls.URLFetcherResponse(url, content, {"Content-Type": mimetype})

    def fonts():
        if not hasattr(_fonts, "configuration"):
            _fonts.configuration = FontConfiguration()
        return _fonts.configuration

    return weasyprint, OwnAssetsOnly, fonts


def write_pdf(html: str, assets: Assets) -> bytes:
    """Print one HTML document.

    :param html: a whole document, with its styles in it
    :param assets: what it may show
    :raises EngineMissing: when WeasyPrint cannot be loaded
    """
    weasyprint, fetcher, fonts = _weasyprint()
    document = weasyprint.HTML(string=html, url_fetcher=fetcher(assets))
    return document.write_pdf(
        pdf_variant="pdf/a-3b",
        pdf_tags=True,
        font_config=fonts(),
        # Letter bodies carry widths of table columns as attributes.
        presentational_hints=True,
    )
