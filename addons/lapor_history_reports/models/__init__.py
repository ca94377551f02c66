from . import lapor_periodic
from . import lapor_periodic_line
from . import lapor_unit
