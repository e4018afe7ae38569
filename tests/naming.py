"""Names for parametrised tests."""


def label(value):
    """`value` as text, without memory addresses: xdist's workers must agree on the names."""
    text = repr(value)
    return getattr(value, "__name__", type(value).__name__) if " at 0x" in text else text
