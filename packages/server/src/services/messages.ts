import type { RunEvent } from '../domain/device-event.ts';
import { asId, type DeviceId, type MessageId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import {
  type Message,
  type MessageRequest,
  messageDownlink,
  messageExpiry,
  type NewMessage,
  pendingMessagesMax,
} from '../domain/message.ts';
import { parseMessage } from '../domain/message-request.ts';
import { type Cause, causeOf, Problem } from '../domain/problem.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { DeviceReach, SessionStore } from '../ports/store/device-store.ts';
import type { EffectStore, MessageStore } from '../ports/store/message-store.ts';

/** Whose message it is. */
export interface MessagePlace {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
}

/** Cached messages, one by one (v5 9, device 6.3). All: deviceNotFound. */
export interface MessageService {
  /** `body`: the single call's. Problems: invalidInput, contentTooLarge, messageIdExists. */
  create(place: MessagePlace, body: JsonObject): Promise<Message>;
  /** Newest first, at most 20; what waits is never left out. */
  list(place: MessagePlace): Promise<readonly Message[]>;
  find(place: MessagePlace, messageId: MessageId): Promise<Message | undefined>;
  /** Ends one that is PENDING; anything else stays as it is. */
  withdraw(place: MessagePlace, messageId: MessageId): Promise<void>;
}

export interface MessageServiceParts {
  readonly store: {
    readonly sessions: SessionStore;
    readonly effects: EffectStore;
    readonly messages: MessageStore;
  };
  readonly link: DeviceLink;
  readonly clock: Clock;
  readonly random: Random;
  /** Tells the run of a task that its message will not arrive. */
  collect(ref: RunRef, from: undefined, event: RunEvent): Promise<void>;
}

const shownMax = 20;

export function createMessageService(parts: MessageServiceParts): MessageService {
  const { store, clock } = parts;

  async function reachOf({ projectId, deviceId }: MessagePlace): Promise<DeviceReach> {
    const reach = await store.sessions.findReach(projectId, deviceId);
    if (reach === undefined) throw new Problem('deviceNotFound');
    return reach;
  }

  return {
    async create(place, body) {
      const request = parseMessage(body);
      const reach = await reachOf(place);
      const message = newMessage(parts, place.deviceId, request);
      const failure = request.ttlMinutes === 0 && !reach.reachable ? causeOf('deviceOffline') : undefined;
      await insert(parts, { place, message, failure });
      if (failure !== undefined) return { ...message, status: 'FAILED', cause: failure, finishedAt: message.createdAt };
      // Who connected before the message stood has not seen it; who connects from now on will.
      const { reachable } = reach.reachable ? reach : await reachOf(place);
      if (reachable) parts.link.send([messageDownlink(message, reach.rootId)]);
      return { ...message, status: 'PENDING', cause: undefined, finishedAt: undefined };
    },
    async list(place) {
      await reachOf(place);
      return newestShown(await store.messages.list(place.deviceId));
    },
    async find(place, messageId) {
      await reachOf(place);
      return store.messages.find(place.deviceId, messageId);
    },
    async withdraw(place, messageId) {
      await reachOf(place);
      const withdrawn = await store.messages.withdraw(place.deviceId, messageId, clock.now());
      if (withdrawn?.run !== undefined) await tellUndelivered(parts, withdrawn.run);
    },
  };
}

function newMessage({ clock, random }: MessageServiceParts, deviceId: DeviceId, request: MessageRequest): NewMessage {
  const createdAt = clock.now();
  return {
    recordId: asId<RecordId>(random.orderedId()),
    deviceId,
    messageId: request.messageId ?? asId<MessageId>(random.uuid()),
    request,
    createdAt,
    expiresAt: messageExpiry(request, createdAt),
    run: undefined,
  };
}

interface Insertion {
  readonly place: MessagePlace;
  readonly message: NewMessage;
  readonly failure: Cause | undefined;
}

async function insert(parts: MessageServiceParts, { place, message, failure }: Insertion): Promise<void> {
  const effect = { kind: 'insertMessage', message, ...(failure === undefined ? {} : { failure }) } as const;
  const { conflicts, displaced } = await parts.store.effects.apply(place.projectId, [effect]);
  if (conflicts.length > 0) throw new Problem('messageIdExists', { field: 'message_id' });
  await Promise.all(displaced.map(({ run }) => tellUndelivered(parts, run)));
}

const tellUndelivered = ({ collect }: MessageServiceParts, run: RunRef): Promise<void> =>
  collect(run, undefined, { kind: 'message-undelivered', cause: causeOf('notDelivered') });

/** v5 9: at most 20. The store gives the pending ones (at most 20) and as many of the rest. */
function newestShown(messages: readonly Message[]): readonly Message[] {
  const pending = messages.filter(({ status }) => status === 'PENDING').slice(0, pendingMessagesMax);
  let room = shownMax - pending.length;
  return messages.filter(({ status }) => status === 'PENDING' || room-- > 0);
}
