from . import lapor_advance
from . import lapor_hold_ask
from . import lapor_misroute_ask
from . import lapor_misroute_decide
from . import lapor_response_review
from . import lapor_reveal_ask
from . import lapor_deliver
from . import mail_compose_message
