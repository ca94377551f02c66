from . import test_engine
from . import test_paper_style
from . import test_tools
