from . import lapor_letter_edit
