from . import lapor_paper_mixin
from . import ir_actions_report
from . import lapor_complaint
from . import lapor_paper_style
from . import lapor_position
from . import lapor_unit
