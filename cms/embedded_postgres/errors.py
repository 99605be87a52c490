"""What goes wrong with the embedded server, in sentences for the developer who reads them."""


class ServerError(Exception):
    """The server cannot be started, reached or stopped; the message says why and what to do."""
