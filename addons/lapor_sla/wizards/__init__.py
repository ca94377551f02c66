from . import lapor_extension_ask
