from . import lapor_clock_report
