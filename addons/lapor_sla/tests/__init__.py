from . import test_clock
from . import test_cost
from . import test_escalation
from . import test_hold
from . import test_office_time
from . import test_replan
