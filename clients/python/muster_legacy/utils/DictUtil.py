class DictUtil:
    """Turns objects into dicts."""

    @staticmethod
    def dto2dict(object):
        """The public attributes that cannot be called, in alphabetical order; values stay what they are, None included."""
        names = [name for name in dir(object) if not name.startswith("_")]
        values = {name: getattr(object, name) for name in names}
        return {name: value for name, value in values.items() if not callable(value)}
