"""An AMQP 1.0 consumer by Apache Qpid Proton: prints each message's body on a line of its own and accepts it.

Arguments: address, queue, user, password, prefetch."""
import sys
from proton.handlers import MessagingHandler
from proton.reactor import Container


class Consumer(MessagingHandler):
    def __init__(self, address, queue, user, password, prefetch):
        super().__init__(prefetch=int(prefetch), auto_accept=True)
        self.where = (address, queue, user, password)

    def on_start(self, event):
        address, queue, user, password = self.where
        connection = event.container.connect(
            address, user=user, password=password, sasl_enabled=True, allowed_mechs="PLAIN",
            allow_insecure_mechs=True, reconnect=False)
        event.container.create_receiver(connection, queue)

    def on_message(self, event):
        print(event.message.body, flush=True)

    def on_transport_error(self, event):
        print("error", event.transport.condition, file=sys.stderr, flush=True)


Container(Consumer(*sys.argv[1:])).run()
