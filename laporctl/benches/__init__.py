"""What can be measured with ``./lapor bench``: a module each."""
