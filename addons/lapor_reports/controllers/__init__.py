from . import files, tracking
