"""Settings shared by all tests."""

from hypothesis import settings

# The same examples on every run: a red test can be reproduced, a green one means the same tomorrow.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("ci")
