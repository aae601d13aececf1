"""A file as `multipart/form-data` (RFC 7578), read while it is sent."""

import os
import secrets

from muster_legacy import _problems
from muster_legacy._problems import problem

_BLOCK_BYTES = 65536
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class FileUpload:
    """Iterates over the body. `headers` say its type and length."""

    def __init__(self, path):
        try:
            self._file = open(path, "rb")
        except (OSError, TypeError, ValueError) as error:
            raise problem(_problems.BEFORE_CALL, f"{path}: {error}.") from error
        boundary = secrets.token_hex(16)
        name = os.path.basename(os.fspath(path)).translate(_ESCAPES)
        part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream'
        self._head = f"--{boundary}\r\n{part}\r\n\r\n".encode("utf-8", "surrogateescape")
        self._tail = f"\r\n--{boundary}--\r\n".encode("ascii")
        self._size = os.fstat(self._file.fileno()).st_size
        length = len(self._head) + self._size + len(self._tail)
        self.headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __iter__(self):
        yield self._head
        left = self._size
        while left > 0:
            block = self._file.read(min(_BLOCK_BYTES, left))
            if not block:
                raise OSError("the file has become shorter while it was sent")
            left -= len(block)
            yield block
        yield self._tail
