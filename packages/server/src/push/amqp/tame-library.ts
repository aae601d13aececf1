import type { Connection, EventContext, Receiver, Sender, Session } from 'rhea';

/** Parts of the library that its types do not name and that must not do what they do with a hostile client. */
interface ConnectionParts {
  _process(): void;
  _register(): void;
  readonly remote: { readonly open?: OpenFields };
}

interface OpenFields {
  max_frame_size?: unknown;
  idle_time_out?: unknown;
}

interface Disposition {
  readonly first: unknown;
  readonly last: unknown;
  readonly settled: unknown;
  readonly state: unknown;
}

interface Deliveries {
  readonly get_head: () => { readonly id: number } | undefined;
  readonly get_tail: () => { readonly id: number } | undefined;
  available(): number;
}

interface SessionParts {
  readonly outgoing: {
    readonly deliveries: Deliveries;
    readonly next_delivery_id: number;
    readonly next_pending_delivery: number;
    on_disposition(fields: Disposition): void;
  };
  readonly incoming: { on_disposition(fields: Disposition): void };
  on_transfer(): void;
}

const partsOf = (connection: Connection): ConnectionParts => connection as unknown as ConnectionParts;
const partsOfSession = (session: Session): SessionParts => session as unknown as SessionParts;

/** What it does in a later tick, nobody would catch. */
export function tameConnection(connection: Connection, onError: (error: unknown) => void): void {
  const parts = partsOf(connection);
  const work = parts._process.bind(connection);
  parts._process = () => {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  };
}

/** v1.0 2.7.1: no peer may ask for smaller frames. The library would cut a message into pieces of no length, for ever. */
const smallestMaxFrame = 512;
const heartbeatMs = { min: 1000, max: 3_600_000 };

/** False: its `open` says what cannot be. A heartbeat beyond these bounds would be a timer of no length. */
export function tameOpen(connection: Connection): boolean {
  const { open } = partsOf(connection).remote;
  if (open === undefined) return false;
  const { max_frame_size: frame, idle_time_out: idle } = open;
  if (frame !== undefined && frame !== null && !(Number(frame) >= smallestMaxFrame)) return false;
  if (typeof idle === 'number' && idle > 0) {
    open.idle_time_out = Math.min(Math.max(idle, heartbeatMs.min), heartbeatMs.max);
  } else if (idle !== undefined && idle !== null) open.idle_time_out = 0;
  return true;
}

/** Dispositions touch what was sent and not everything that a client may name; nobody sends us anything. */
export function tameSession(session: Session): void {
  const parts = partsOfSession(session);
  const { outgoing } = parts;
  const onDisposition = outgoing.on_disposition.bind(outgoing);
  outgoing.on_disposition = (fields) => {
    const [head, tail] = [outgoing.deliveries.get_head(), outgoing.deliveries.get_tail()];
    const first = Number(fields.first);
    const last = fields.last === undefined || fields.last === null ? first : Number(fields.last);
    if (head === undefined || tail === undefined || !Number.isInteger(first) || !Number.isInteger(last)) return;
    const state = isOutcome(fields.state) ? fields.state : undefined;
    const [from, to] = [Math.max(first, head.id), Math.min(last, tail.id)];
    if (from <= to) onDisposition({ first: from, last: to, settled: fields.settled === true, state });
  };
  parts.incoming.on_disposition = () => undefined;
  parts.on_transfer = () => {
    throw new Error('This server takes no messages.');
  };
}

const outcomeCodes: ReadonlySet<unknown> = new Set([0x23, 0x24, 0x25, 0x26]);
const outcomeNames: ReadonlySet<unknown> = new Set(
  ['received', 'accepted', 'rejected', 'released', 'modified'].map((name) => `amqp:${name}:list`),
);

/** The library writes others to the console. */
function isOutcome(state: unknown): boolean {
  const descriptor = (state as { descriptor?: { value?: unknown } } | undefined)?.descriptor?.value;
  return outcomeCodes.has(Number(descriptor)) || outcomeNames.has(String(descriptor));
}

/** A link over which the client would send: it is refused, and until the client knows nothing that it says there counts. */
export function tameReceiver(receiver: Receiver): void {
  (receiver as unknown as { on_flow(): void }).on_flow = () => undefined;
}

/** A session's deliveries that were handed over and not sent yet, and how many more it can keep. */
export function outgoingOf(session: Session): { readonly unsent: number; readonly available: number } {
  const { outgoing } = partsOfSession(session);
  return {
    unsent: outgoing.next_delivery_id - outgoing.next_pending_delivery,
    available: outgoing.deliveries.available(),
  };
}

export const creditOf = (sender: Sender): number => {
  const { credit } = sender as unknown as { credit: unknown };
  return typeof credit === 'number' && credit > 0 ? credit : 0;
};

/** The client wants to be told when there is nothing (more) for it. */
export const isDraining = (sender: Sender): boolean => (sender as unknown as { _draining: unknown })._draining === true;

/** Answers a client that asked to be told when there is nothing (more) for it. */
export function tellDrained(sender: Sender): void {
  sender.set_drained(true);
  partsOf(sender.connection)._register();
}

/** The modes that a client may wish for a link; everything that is not settled when sent is settled by the client's outcome. */
export function agreeOnModes(sender: Sender): { readonly isPresettled: boolean } {
  const isPresettled = sender.snd_settle_mode === 1;
  const { attach } = (sender as unknown as { local: { attach: Record<string, unknown> } }).local;
  attach['snd_settle_mode'] = isPresettled ? 1 : 0;
  attach['rcv_settle_mode'] = sender.rcv_settle_mode === 1 ? 1 : 0;
  return { isPresettled };
}

/** The delivery is over on both sides, whatever the client still says: the session need not keep it. */
export function forget(delivery: NonNullable<EventContext['delivery']>): void {
  const parts = delivery as unknown as { settled: boolean; remote_settled: boolean };
  parts.settled = true;
  parts.remote_settled = true;
}
