from . import test_periodic_history
