"""What both examples need: a token that is renewed, lists read page by page, and an end that says what failed."""

import sys

from muster_legacy import Authentication, NorthApiException

_TOKEN_INVALID = "1010005"
_PAGE_SIZE = 100


class Session:
    """Signs in for the first call, and again when the token's hour is over."""

    def __init__(self, clientInfo):
        self._clientInfo = clientInfo
        self._accessToken = None

    def call(self, ask):
        """`ask`: a function of the access token."""
        if self._accessToken is not None:
            try:
                return ask(self._accessToken)
            except NorthApiException as failure:
                if failure.error_code != _TOKEN_INVALID:
                    raise
        self._accessToken = Authentication().getAuthToken(self._clientInfo).accessToken
        return ask(self._accessToken)


def pages(ask):
    """The answers, page by page. `ask`: a function of pageNo and pageSize."""
    pageNo = 0
    while True:
        answer = ask(pageNo, _PAGE_SIZE)
        yield answer
        pageNo += 1
        if pageNo * _PAGE_SIZE >= answer.totalCount:
            return


def run(main):
    """Ends with the code that `main` returns, or with 1 and what the server said."""
    try:
        sys.exit(main())
    except NorthApiException as failure:
        sys.exit(str(failure))
