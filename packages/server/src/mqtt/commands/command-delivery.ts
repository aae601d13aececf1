import type { DownAsyncCommand, Downlink } from '../../domain/downlink.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { CommandNote, CommandStore } from '../../ports/store/command-store.ts';
import { type Batcher, createBatcher } from '../../services/batcher.ts';
import { encodeDownlink } from '../encode-downlink.ts';
import type { PublishOutcome, Session } from '../gateway-hooks.ts';
import type { SessionRegistry } from '../session-registry.ts';

/** Asynchronous commands on their way to devices (device 6.2). What is to leave is marked as sent before, and never sent twice. */
export interface CommandDelivery {
  deliver(downlink: Downlink, command: DownAsyncCommand): void;
  /** The session may be written to: the first command that waits for its own device leaves. Resolves when it has. */
  onDeliverable(session: Session): Promise<void>;
  /** The same for the children behind it, a few at a time. */
  onChildrenDeliverable(session: Session): Promise<void>;
  /** Children turned ONLINE (device 4.7). */
  onChildrenReachable(deviceIds: readonly DeviceId[]): Promise<void>;
  /** Resolves when every note so far is durable. */
  drained(): Promise<void>;
  stop(): void;
}

export interface CommandDeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: { readonly commands: CommandStore };
  readonly registry: Pick<SessionRegistry, 'find'>;
  /** How long a device has to answer. */
  readonly answerMs: number;
  /** To the devices of all nodes: one may have gone to another since it was looked up. */
  send(downlinks: readonly Downlink[]): void;
}

/** Children whose commands leave together, each of up to 32 KB. */
const childrenPerStep = 20;
/** Unsent bytes of a session beyond which no further commands of its children leave. */
const unsentBytesMax = 1_048_576;
const roomPollMs = 100;
const notesPerBatch = 500;
const notesMax = 100_000;

export function createCommandDelivery(parts: CommandDeliveryParts): CommandDelivery {
  const { clock, store, registry, answerMs } = parts;
  const stopping = new AbortController();
  const notes = createNotes(parts);

  async function move(deviceIds: readonly DeviceId[]): Promise<void> {
    if (deviceIds.length === 0) return;
    const downlinks = await store.commands.claim(deviceIds, { now: clock.now(), answerMs });
    if (downlinks.length > 0) parts.send(downlinks);
  }

  async function untilRoom(session: Session): Promise<void> {
    while (session.isOpen && session.unsentBytes > unsentBytesMax && !stopping.signal.aborted) {
      await sleep(clock, roomPollMs, stopping.signal);
    }
  }

  return {
    deliver(downlink, command) {
      const { commandId } = command;
      const note = (kind: CommandNote['kind']) => notes.add({ commandId, kind, at: clock.now() });
      const onOutcome = (outcome: PublishOutcome): void => {
        if (outcome.kind === 'no-session') note('unsent');
        else if (outcome.kind === 'overloaded') parts.log.warn({ commandId }, 'a device takes no more commands');
      };
      const session = registry.find(downlink.rootId);
      if (session === undefined) return note('unsent');
      const encoded = encodeDownlink(downlink, command, clock.now());
      onOutcome(session.publish({ ...encoded, onOutcome, onAcknowledged: () => note('delivered') }));
    },
    onDeliverable: (session) => move([session.device.deviceId]),
    async onChildrenDeliverable(session) {
      let after: string | undefined = '';
      while (after !== undefined && session.isOpen && !stopping.signal.aborted) {
        await untilRoom(session);
        const { deviceIds, next } = await store.commands.listWaitingChildren(
          session.device.deviceId,
          after,
          childrenPerStep,
        );
        await move(deviceIds);
        after = next;
      }
    },
    onChildrenReachable: move,
    drained: () => notes.idle(),
    stop: () => stopping.abort(),
  };
}

/** Written down in batches; one that is lost costs a status between, or leaves the command to its time-out. */
function createNotes({ store, log }: CommandDeliveryParts): { add(note: CommandNote): void; idle(): Promise<void> } {
  const batcher: Batcher<CommandNote, void> = createBatcher({
    batchMax: notesPerBatch,
    waitingMax: notesMax,
    run: async (notes) => {
      const noted = store.commands.note(notes);
      await noted;
      return notes.map(() => noted);
    },
  });
  return {
    add(note) {
      batcher.add(note).catch((err: unknown) => log.error({ err, note }, 'what became of a command was not noted'));
    },
    idle: () => batcher.idle(),
  };
}
