"""The base of all DTOs."""


class Dto:
    """Its annotated members are public attributes, None at first, each with `getX` and `setX`."""

    _members = ()

    def __init__(self):
        for name in self._members:
            setattr(self, name, None)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = [name for name in cls.__annotations__ if name not in cls._members]
        cls._members = (*cls._members, *own)
        for name in own:
            addGetter(cls, name)
            addSetter(cls, name)


def addGetter(cls, name, methodName=None):
    """`methodName` where the original spells it unlike the member."""

    def getter(self):
        return getattr(self, name)

    _add(cls, methodName or "get" + _capitalised(name), getter)


def addSetter(cls, name, methodName=None):
    """`methodName` where the original spells it unlike the member."""

    def setter(self, value):
        setattr(self, name, value)

    _add(cls, methodName or "set" + _capitalised(name), setter)


def _add(cls, name, function):
    function.__name__ = name
    function.__qualname__ = cls.__qualname__ + "." + name
    setattr(cls, name, function)


def _capitalised(name):
    return name[0].upper() + name[1:]
