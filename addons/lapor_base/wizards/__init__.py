from . import lapor_advance
from . import lapor_hold_ask
