"""Every term of every addon has its Indonesian translation, and there is none too many."""

from pathlib import Path

import pytest

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from laporctl.addons import our_addons
from laporctl.inside.terms import exported, faults, read
from laporctl.project import Project

PROJECT = Project.here()


@pytest.mark.parametrize("addon", our_addons(PROJECT))
def test_translations_are_complete(addon):
    with Registry(get_db_name()).cursor() as cr:
        template = exported(Environment(cr, SUPERUSER_ID, {}), addon)
    translations = read(Path(PROJECT.addons, addon, "i18n", "id.po"))
    found = faults(template, translations)
    assert not found, f"{len(found)} faults; ./lapor i18n adds what is missing:\n" + "\n".join(
        found
    )
