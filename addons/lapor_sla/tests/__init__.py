from . import test_clock
from . import test_cost
from . import test_digest
from . import test_escalation
from . import test_office_time
from . import test_replan
from . import test_report
from . import test_year
