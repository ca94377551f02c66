from . import models
from . import report
from . import wizards
from .hooks import start_clocks
