from . import lapor_history
from . import lapor_history_import
from . import lapor_history_import_batch
from . import lapor_history_import_column
from . import lapor_history_import_row
from . import res_users
