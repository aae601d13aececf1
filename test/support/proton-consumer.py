"""An AMQP 1.0 consumer by Apache Qpid Proton, which settles the first so many messages and keeps what follows in hand.

Prints a line of JSON for each message, with the machine's monotonic time, and one for the end of link or connection.
Arguments: address, queue, user, password, prefetch, how many it accepts."""
import json
import sys
import time
from proton.handlers import MessagingHandler
from proton.reactor import Container


def say(**what):
    print(json.dumps(what), flush=True)


class Consumer(MessagingHandler):
    def __init__(self, address, queue, user, password, prefetch, accepts):
        super().__init__(prefetch=int(prefetch), auto_accept=False)
        self.where = (address, queue, user, password)
        self.accepts = int(accepts)

    def on_start(self, event):
        address, queue, user, password = self.where
        connection = event.container.connect(
            address, user=user, password=password, sasl_enabled=True, allowed_mechs="PLAIN",
            allow_insecure_mechs=True, reconnect=False)
        event.container.create_receiver(connection, queue)

    def on_link_opened(self, event):
        say(opened=True)

    def on_message(self, event):
        say(id=event.message.id, at=time.monotonic_ns() // 1000, body=json.loads(event.message.body))
        if self.accepts > 0:
            self.accepts -= 1
            self.accept(event.delivery)

    def on_link_error(self, event):
        say(ended=event.link.remote_condition.name)
        event.connection.close()

    def on_connection_remote_close(self, event):
        # `amqp:connection:forced` is no error to Proton, which would only connect again.
        say(ended=getattr(event.connection.remote_condition, "name", None))

    def on_transport_error(self, event):
        say(ended=event.transport.condition.name)


Container(Consumer(*sys.argv[1:])).run()
