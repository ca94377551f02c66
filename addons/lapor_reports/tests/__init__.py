from . import test_board
from . import test_engine
from . import test_letters
from . import test_paper_style
from . import test_periodic
from . import test_print_job
from . import test_swimlane
from . import test_tools
