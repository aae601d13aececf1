import json


class Answer(str):
    """The text of an answer, empty if there was none.

    Members of its JSON object are attributes: `answer.taskId`. Those that the call documents are None where the answer
    has none of them.
    """

    def __new__(cls, text="", http_status=0, members=()):
        answer = super().__new__(cls, text)
        answer.http_status = http_status
        answer._members = tuple(members)
        return answer

    def json(self):
        """The text decoded; None if it is empty. ValueError if it is not JSON."""
        return json.loads(str(self)) if self.strip() else None

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        found = self._object()
        if name in found:
            return found[name]
        if name in self._members:
            return None
        raise AttributeError(f"the answer has no member {name}")

    def _object(self):
        if "_decoded" not in self.__dict__:
            try:
                decoded = self.json()
            except ValueError:
                decoded = None
            self._decoded = decoded if isinstance(decoded, dict) else {}
        return self._decoded
