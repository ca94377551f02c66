from . import mail
from . import sign_up
from . import thread
