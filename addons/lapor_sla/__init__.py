from . import models
from . import report
from .hooks import start_clocks
