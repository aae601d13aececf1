from typing import Any, Optional


class NorthApiException(Exception):
    """A call that failed.

    Raised for an answer with `error_code` or a status of 400 or more, and, with a code of the client itself
    (1001 to 1011, see the README), for what could not be sent or understood.

    error_code, error_desc: texts, as answered.
    httpStatusCode: -1 if nothing came.
    httpReasonPhase: the words beside the status.
    httpMessage: the body, decoded if it is JSON, else as text; None if nothing came.
    message: all this in a sentence; `str(exception)`.
    """

    def __init__(
        self,
        message: Optional[str] = None,
        error_code: Optional[str] = None,
        error_desc: Optional[str] = None,
        httpStatusCode: int = -1,
        httpReasonPhase: Optional[str] = None,
        httpMessage: Any = None,
    ):
        super().__init__(message)
        self.message = message
        self.error_code = error_code
        self.error_desc = error_desc
        self.httpStatusCode = httpStatusCode
        self.httpReasonPhase = httpReasonPhase
        self.httpMessage = httpMessage
