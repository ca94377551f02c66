from . import lapor_clock_report
from . import lapor_kpi_report
