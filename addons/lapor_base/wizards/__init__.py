from . import lapor_advance
