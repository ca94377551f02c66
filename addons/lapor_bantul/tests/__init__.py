from . import test_sop_document
