from . import mail
from . import sign_up
