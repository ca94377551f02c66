from . import test_import
from . import test_long_file
from . import test_register
from . import test_rights
from . import test_sheet
