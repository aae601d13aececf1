import type { Socket } from 'node:net';
import rhea from 'rhea';
import type { AmqpError, Connection, ConnectionOptions, EventContext, Receiver, Sender, Session } from 'rhea';
import type { ProjectId } from '../../domain/ids.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { QueueStore } from '../../ports/store/queue-store.ts';
import { ConsumerLink, type LinkParts, type Outcome } from './consumer-link.ts';
import type { QueuePump } from './queue-pump.ts';
import { tameConnection, tameOpen, tameReceiver, tameSession } from './tame-library.ts';
import { FramedSocket } from './wire/framed-socket.ts';

/** Who a consumer is. */
export interface Consumer {
  readonly projectId: ProjectId;
  readonly accessKey: string;
}

/** v5 15.6. Undefined: refused. Rejects when the store does. */
export type SignIn = (credentials: {
  readonly user: string;
  readonly password: string;
  readonly address: string;
}) => Promise<Consumer | undefined>;

export interface ConnectionParts extends LinkParts {
  readonly log: Log;
  readonly queues: Pick<QueueStore, 'findByName'>;
  readonly pump: QueuePump;
  readonly nodeName: string;
  readonly signIn: SignIn;
}

export interface ConnectionHooks {
  /** False: its key has enough connections. */
  onSignedIn(connection: ConsumerConnection, consumer: Consumer): boolean;
  onClosed(connection: ConsumerConnection): void;
}

const tooMany = (what: string): AmqpError => ({
  condition: 'amqp:resource-limit-exceeded',
  description: `Too many ${what}.`,
});

/** A client's connection, from its first byte to its last. Nothing that it sends can do more than end it. */
export class ConsumerConnection {
  readonly #parts: ConnectionParts;
  readonly #hooks: ConnectionHooks;
  readonly #socket: FramedSocket;
  readonly #address: string;
  readonly #connection: Connection;
  readonly #links = new Map<Sender, ConsumerLink>();
  /** Links whose queue is being looked up. */
  #opening = 0;
  readonly #sessions = new Set<Session>();
  /** Asked for, and not closed by the client. */
  readonly #asked = new Set<Sender | Receiver>();
  /** Codes that ended while this client was looked up, by project: the only key that is still good there. */
  readonly #endedMeanwhile = new Map<ProjectId, string>();
  #consumer: Consumer | undefined;
  #isSigningIn = false;
  #hasTried = false;
  #isWelcome = false;
  #isClosed = false;
  #deadline: Timer | undefined;

  constructor(socket: Socket, parts: ConnectionParts, hooks: ConnectionHooks) {
    this.#parts = parts;
    this.#hooks = hooks;
    this.#address = socket.remoteAddress ?? '';
    this.#socket = new FramedSocket(socket, parts);
    this.#connection = this.#createConnection();
    tameConnection(this.#connection, (error) => this.#onError(error));
    this.#await(parts.limits.openTimeoutMs, () => this.#socket.destroy());
    socket.on('close', () => this.#onClose());
    this.#socket.onDrain(() => parts.pump.nudge());
    this.#connection.accept(this.#socket);
  }

  get consumer(): Consumer | undefined {
    return this.#consumer;
  }

  /** Tells the client why, gives it a moment to go, and cuts it off. */
  close(error: AmqpError): void {
    if (this.#isClosed) return;
    this.#connection.close(error);
    this.#socket.finish();
  }

  /** Whoever signed in to this project with another key has to go; and who is being looked up, if it shows that he did. */
  expel(projectId: ProjectId, exceptKey: string, error: AmqpError): void {
    if (this.#isSigningIn) this.#endedMeanwhile.set(projectId, exceptKey);
    else if (this.#consumer?.projectId === projectId && this.#consumer.accessKey !== exceptKey) this.close(error);
  }

  /** The library hands each event to the first that listens: this container is this connection's alone. */
  #createConnection(): Connection {
    const { limits, nodeName } = this.#parts;
    const container = rhea.create_container({ id: `muster-${nodeName}` });
    container.sasl_server_mechanisms.enable_plain((user: unknown, password: unknown) => this.#signIn(user, password));
    const on = (event: string, run: (context: EventContext) => void): void => void container.on(event, run);
    on('connection_open', () => this.#onOpen());
    on('session_open', ({ session }) => this.#onSession(session));
    on('session_close', ({ session }) => this.#onSessionEnd(session));
    on('sender_open', ({ sender }) => this.#onLink(sender));
    on('sender_close', ({ sender }) => this.#onLinkEnd(sender));
    on('receiver_open', ({ receiver }) => this.#onForeignLink(receiver));
    on('receiver_close', ({ receiver }) => void (receiver && this.#asked.delete(receiver)));
    on('sender_flow', ({ sender }) => sender && this.#links.get(sender)?.onFlow());
    for (const outcome of ['accepted', 'released', 'rejected', 'modified', 'settled'] as const) {
      on(outcome, ({ sender, delivery }) => this.#onOutcome(sender, delivery, outcome));
    }
    for (const event of ['error', 'protocol_error']) container.on(event, (error: unknown) => this.#onError(error));
    // What a client says on leaving is its own affair; the end of its socket is what counts.
    for (const event of ['connection_close', 'connection_error', 'session_error', 'sender_error', 'receiver_error']) {
      container.on(event, () => undefined);
    }
    container.on('disconnected', () => undefined);
    return container.create_connection({
      max_frame_size: limits.frameBytesMax,
      channel_max: limits.sessionsMax - 1,
      idle_time_out: limits.idleTimeoutMs,
      session_buffer_size: { incoming: 1, outgoing: limits.linksMax * limits.unsettledMax },
      // Nobody sends us anything.
      credit_window: 0,
      autoaccept: false,
      treat_modified_as_released: false,
      reconnect: false,
    } as unknown as ConnectionOptions);
  }

  async #signIn(user: unknown, password: unknown): Promise<boolean> {
    // Once: whoever guesses comes again and again, and not all at one time.
    const isFirst = !this.#hasTried;
    this.#hasTried = true;
    if (!isFirst || typeof user !== 'string' || typeof password !== 'string') return this.#refuse();
    this.#socket.hold();
    const consumer = await this.#lookUp(user, password);
    if (consumer === undefined || this.#isClosed) return this.#refuse();
    this.#consumer = consumer;
    this.#isWelcome = this.#hooks.onSignedIn(this, consumer);
    // What came meanwhile follows the outcome.
    this.#parts.clock.setTimer(0, () => this.#socket.resume());
    return true;
  }

  /** Undefined: refused, or the code was good when it was read and ended before this was known. */
  async #lookUp(user: string, password: string): Promise<Consumer | undefined> {
    const { signIn, log } = this.#parts;
    this.#isSigningIn = true;
    try {
      const consumer = await signIn({ user, password, address: this.#address });
      if (consumer === undefined) return undefined;
      return (this.#endedMeanwhile.get(consumer.projectId) ?? consumer.accessKey) === consumer.accessKey
        ? consumer
        : undefined;
    } catch (error) {
      log.error({ err: error }, 'a consumer could not be signed in');
      return undefined;
    } finally {
      this.#isSigningIn = false;
      this.#endedMeanwhile.clear();
    }
  }

  /** The client still hears the outcome. */
  #refuse(): boolean {
    this.#parts.metrics.count('amqp_sign_ins_refused_total', {});
    this.#socket.finish();
    return false;
  }

  #onOpen(): void {
    if (!tameOpen(this.#connection)) return this.#socket.destroy();
    if (!this.#isWelcome) return this.close(tooMany('connections of this access key'));
    this.#awaitLink();
  }

  #awaitLink(): void {
    const missing = { condition: 'amqp:connection:forced', description: 'No link to a queue was opened in time.' };
    this.#await(this.#parts.limits.linkTimeoutMs, () => this.close(missing));
  }

  #onSession(session: Session | undefined): void {
    if (session === undefined) return;
    tameSession(session);
    this.#sessions.add(session);
    if (this.#sessions.size > this.#parts.limits.sessionsMax) this.close(tooMany('sessions'));
  }

  #onSessionEnd(session: Session | undefined): void {
    if (session === undefined) return;
    this.#sessions.delete(session);
    for (const link of [...this.#asked]) if (link.session === session) this.#forget(link);
  }

  #onLink(sender: Sender | undefined): void {
    if (sender === undefined || !this.#isAskable(sender)) return;
    const { source } = sender;
    const address: unknown = source?.address;
    if (this.#links.size + this.#opening >= this.#parts.limits.linksMax) return sender.close(tooMany('links'));
    if (source?.dynamic === true)
      return sender.close({ condition: 'amqp:not-implemented', description: 'No dynamic sources.' });
    if (typeof address !== 'string' || address.length > addressMax) return sender.close(notFound);
    sender.set_source({ address });
    this.#opening += 1;
    void this.#openLink(sender, address).finally(() => {
      this.#opening -= 1;
    });
  }

  async #openLink(sender: Sender, name: string): Promise<void> {
    const { consumer } = this;
    if (consumer === undefined) return sender.close(notFound);
    const { queues, pump, random, nodeName, log } = this.#parts;
    try {
      const queue = await queues.findByName(consumer.projectId, name);
      if (this.#isClosed || !sender.is_open()) return;
      if (queue === undefined) return sender.close(notFound);
      const held = { queueId: queue.queueId, holder: `${nodeName}/${random.uuid()}` };
      const isWritable = (): boolean => this.#socket.isWritable;
      const link = new ConsumerLink({ sender, held, isWritable, onRoom: () => pump.nudge() }, this.#parts);
      this.#links.set(sender, link);
      this.#deadline?.cancel();
      pump.add(link);
    } catch (error) {
      log.error({ err: error }, 'a link to a queue could not be opened');
      sender.close({ condition: 'amqp:internal-error', description: 'The queue could not be read.' });
    }
  }

  #onLinkEnd(sender: Sender | undefined): void {
    if (sender !== undefined) this.#forget(sender);
  }

  /** v5 15.6: no sender links. */
  #onForeignLink(receiver: Receiver | undefined): void {
    if (receiver === undefined || !this.#isAskable(receiver)) return;
    tameReceiver(receiver);
    receiver.close({ condition: 'amqp:not-allowed', description: 'Consumers do not send.' });
  }

  #isAskable(link: Sender | Receiver): boolean {
    this.#asked.add(link);
    const { linksMax, refusedLinksMax } = this.#parts.limits;
    if (this.#asked.size <= linksMax + refusedLinksMax) return true;
    this.close(tooMany('links'));
    return false;
  }

  #forget(asked: Sender | Receiver): void {
    this.#asked.delete(asked);
    const link = this.#links.get(asked as Sender);
    if (link === undefined) return;
    this.#links.delete(asked as Sender);
    this.#parts.pump.remove(link);
    const isBroken = link.end();
    if (this.#isClosed) return;
    if (isBroken)
      this.close({ condition: 'amqp:connection:forced', description: 'Messages of a closed link were on their way.' });
    else if (this.#links.size === 0) this.#awaitLink();
  }

  #onOutcome(sender: Sender | undefined, delivery: EventContext['delivery'], outcome: Outcome): void {
    if (sender !== undefined && delivery !== undefined) this.#links.get(sender)?.onOutcome(delivery, outcome);
  }

  #onError(error: unknown): void {
    this.#parts.log.debug({ err: error, address: this.#address }, 'a consumer does not speak AMQP 1.0 as it should');
    this.#socket.finish();
    this.#socket.end();
  }

  #await(delayMs: number, run: () => void): void {
    this.#deadline?.cancel();
    this.#deadline = this.#parts.clock.setTimer(delayMs, run);
  }

  #onClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#deadline?.cancel();
    for (const asked of [...this.#asked]) this.#forget(asked);
    this.#hooks.onClosed(this);
  }
}

const addressMax = 256;
const notFound = { condition: 'amqp:not-found', description: 'The queue does not exist.' };
