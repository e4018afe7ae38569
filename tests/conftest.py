"""Settings shared by all tests."""

import os

from hypothesis import settings

# The same examples on every run: a red test can be reproduced, a green one means the same tomorrow.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("ci")

# Read by JAX and Keras when they are first imported.
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
