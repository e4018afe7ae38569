"""Traits that refuse bad values as the rest of the package does: a ValueError with the rule."""

import traitlets

from course_code._validate import as_floats, as_real, one_of, refuse


class Checked(traitlets.TraitType):
    """Defaults are checked too, which also makes each instance its own copy of a list."""

    def default(self, obj=None):
        return self.validate(obj, self.default_value)


class Real(Checked):
    """A finite number; `bounds` as in :func:`course_code._validate.as_real`."""

    def __init__(self, default, **bounds):
        self.bounds = bounds
        super().__init__(default)

    def validate(self, obj, value):
        return as_real(self.name, value, **self.bounds)


class Between(Checked):
    """A number from `low` to `high`, the ends included."""

    def __init__(self, default, low, high):
        self.low, self.high = low, high
        super().__init__(default)

    def validate(self, obj, value):
        number = as_real(self.name, value)
        if not self.low <= number <= self.high:
            refuse(self.name, f"must be from {self.low} to {self.high}", value)
        return number


class OneOf(Checked):
    """One of a few words; the first is the default."""

    def __init__(self, *allowed):
        self.allowed = allowed
        super().__init__(allowed[0])

    def validate(self, obj, value):
        return one_of(self.name, value, self.allowed)


class SomeOf(Checked):
    """Some of a few words, each at most once, kept in the order of `allowed`."""

    def __init__(self, default, allowed):
        self.allowed = tuple(allowed)
        super().__init__(default)

    def validate(self, obj, value):
        if (
            not isinstance(value, list | tuple)
            or not all(word in self.allowed for word in value)
            or len(set(value)) != len(value)
        ):
            refuse(self.name, f"must be different ones of {', '.join(self.allowed)}", value)
        return [word for word in self.allowed if word in value]


class Flag(Checked):
    """True or False."""

    default_value = False

    def validate(self, obj, value):
        if not isinstance(value, bool):
            refuse(self.name, "must be True or False", value)
        return value


class Points(Checked):
    """Points in the plane, (n, 2) with 2 <= n <= 200, kept as a list of [x, y]."""

    least, most = 2, 200

    def validate(self, obj, value):
        points = as_floats(self.name, value, ndim=2)
        if points.shape[1] != 2 or not self.least <= len(points) <= self.most:
            rule = f"must have shape (n, 2) with n from {self.least} to {self.most}"
            refuse(self.name, rule, points.shape)
        return points.tolist()


class Values(Checked):
    """A list of `least` to `most` numbers, increasing where `rising`."""

    def __init__(self, default, least, most, rising=False):
        self.least, self.most, self.rising = least, most, rising
        super().__init__(default)

    def validate(self, obj, value):
        values = as_floats(self.name, value, ndim=1)
        if not self.least <= len(values) <= self.most:
            refuse(self.name, f"must be {self.least} to {self.most} numbers", len(values))
        if self.rising and (values[1:] <= values[:-1]).any():
            refuse(self.name, "must be increasing", value)
        return values.tolist()


class View(Checked):
    """What the axes show: [x low, x high, y low, y high]."""

    def validate(self, obj, value):
        view = as_floats(self.name, value, ndim=1)
        if view.shape != (4,) or view[0] >= view[1] or view[2] >= view[3]:
            refuse(self.name, "must be [x low, x high, y low, y high], each low < high", value)
        return view.tolist()


class Indices(Checked):
    """Positions of points, counted from 0; one beyond the last point marks nothing."""

    default_value = ()

    def validate(self, obj, value):
        if not isinstance(value, list | tuple) or not all(
            isinstance(i, int) and not isinstance(i, bool) and i >= 0 for i in value
        ):
            refuse(self.name, "must be a list of positions, 0 or more", value)
        return list(value)


class Count(Checked):
    """A whole number from `least` to `most`."""

    def __init__(self, default, least, most):
        self.least, self.most = least, most
        super().__init__(default)

    def validate(self, obj, value):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not self.least <= value <= self.most:
            refuse(self.name, f"must be a whole number from {self.least} to {self.most}", value)
        return value


class Words(Checked):
    """A fixed number of texts."""

    def __init__(self, *default):
        super().__init__(list(default))

    def validate(self, obj, value):
        count = len(self.default_value)
        if (
            not isinstance(value, list | tuple)
            or len(value) != count
            or not all(isinstance(text, str) for text in value)
        ):
            refuse(self.name, f"must be {count} texts", value)
        return list(value)


class Presets(Checked):
    """A list of dicts: a name, and values for some other traits of the same explorer."""

    def validate(self, obj, value):
        if not isinstance(value, list | tuple):
            refuse(self.name, "must be a list of dicts", value)
        return [self._preset(obj, preset) for preset in value]

    def _preset(self, obj, preset):
        if not isinstance(preset, dict) or not isinstance(preset.get("name"), str):
            refuse(self.name, "each must be a dict with a name", preset)
        checked = {"name": preset["name"]}
        for key in sorted(preset.keys() - {"name"}):
            trait = obj.traits().get(key)
            if not isinstance(trait, Checked) or trait is self:
                refuse(self.name, "each may set the explorer's own traits only", key)
            checked[key] = trait.validate(obj, preset[key])
        return checked
