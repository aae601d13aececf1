import rhea from 'rhea';
import type { Connection, ConnectionOptions, Container, Delivery, EventContext, Receiver, ReceiverOptions } from 'rhea';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import { type AmqpServerSettings, createAmqpServer } from '../../../src/push/amqp/amqp-server.ts';
import type { AmqpLimits } from '../../../src/push/amqp/limits.ts';
import { createAuthBackoff } from '../../../src/services/device-side/sign-in/auth-backoff.ts';
import { createAccessCodeService } from '../../../src/services/queues/access-codes.ts';
import { createConsumerSignIn } from '../../../src/services/queues/consumer-sign-in.ts';
import { createMetrics } from '../../../src/system/metrics.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { random, uniqueName } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { openTestStore } from '../../support/test-store.ts';
import { useFixture } from '../../support/use-fixture.ts';
import { arrivals } from './arrivals.ts';

export interface ServerWish {
  readonly limits?: Partial<AmqpLimits>;
  readonly tls?: AmqpServerSettings['tls'];
  readonly nodeName?: string;
  /** What a sign-in waits for when its code has been read. */
  readonly read?: () => Promise<void>;
}

/** A queue that messages of devices fill, servers on it, and clients. */
export async function openAmqpFixture() {
  const clock = createRealClock();
  const store = await openTestStore();
  const given = createGiven(store);
  const scope = await given.scope();
  const queue = await given.queue(scope);
  const errors: unknown[] = [];
  const ended: (() => Promise<void> | void)[] = [];
  const codes = createAccessCodeService({ store, clock, random, onEnded: () => undefined });
  const credential = await codes.renew(scope.projectId, { type: 'AMQP', disconnects: false });

  /** The queue takes messages of the project's devices. */
  const fill = async (into: Queue = queue) => {
    const subject = { resource: 'device.message', event: 'report' };
    const target = { channel: 'AMQP_FORWARDING', amqp: { queueName: into.name } } as const;
    return given.action(scope, { rule: await given.rule(scope, { subject }), target });
  };

  const server = async ({ limits = {}, tls, nodeName = uniqueName('node-'), read }: ServerWish = {}) => {
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, child: () => log };
    const log = { ...silent, error: (details: object) => void errors.push(details) };
    const backoff = createAuthBackoff({
      clock,
      authFailuresPerMinute: 5,
      authBackoffSeconds: 60,
      authBackoffKeysMax: 100,
    });
    const signIn = createConsumerSignIn({ store, clock, backoff });
    const made = createAmqpServer({
      ...{ store, clock, random, log, nodeName },
      metrics: createMetrics(),
      signIn: async (credentials) => {
        const consumer = await signIn(credentials);
        await read?.();
        return consumer;
      },
      settings: { host: '127.0.0.1', port: 0, tls, limits },
    });
    const ports = await made.start();
    ended.push(() => made.stop());
    const [nudge, stop] = [() => made.nudge(), () => made.stop()];
    return { server: made, nudge, stop, ...ports };
  };

  /** Each device has sent this, in this order. */
  const report = async (deviceIds: readonly DeviceId[], content: string): Promise<void> => {
    const { projectId } = scope;
    await store.events.received(deviceIds.map((deviceId) => ({ projectId, deviceId, topic: 't', content })));
  };

  const user = (at = Date.now(), accessKey = credential.accessKey): string => `accessKey=${accessKey}|timestamp=${at}|`;

  const client = (port: number, options: Readonly<Record<string, unknown>> = {}): Client => {
    const made = createClient({ port, username: user(), password: credential.code, ...options });
    ended.unshift(() => made.connection.close());
    return made;
  };

  return {
    ...{ clock, store, given, scope, queue, credential, codes, errors, fill, server, report, user, client },
    close: async () => {
      for (const end of ended) await end();
      await store.stop();
    },
  };
}

export type AmqpFixture = Awaited<ReturnType<typeof openAmqpFixture>>;
export const useAmqpFixture = (): (() => AmqpFixture) => useFixture(() => openAmqpFixture());

/** What a message of a device says, and which device it was. */
export interface Heard {
  readonly deviceId: string;
  readonly content: unknown;
  readonly delivery: Delivery;
  readonly message: NonNullable<EventContext['message']>;
}

export interface Client {
  readonly container: Container;
  readonly connection: Connection;
  /** Resolves with the context of the first such event, of the past too. */
  when(event: string): Promise<EventContext>;
  /** No credit unless asked for. */
  receiver(queueName: string, options?: ReceiverOptions): ConsumerReceiver;
}

export interface ConsumerReceiver {
  readonly receiver: Receiver;
  /** The next so many messages. */
  next(count: number): Promise<readonly Heard[]>;
  readonly heard: readonly Heard[];
}

function createClient(options: Readonly<Record<string, unknown>>): Client {
  const container = rhea.create_container();
  const events = new Map<string, ReturnType<typeof arrivals<EventContext>>>();
  for (const event of ['connection_open', 'connection_close', 'disconnected', 'sender_close', 'sender_open']) {
    const of = arrivals<EventContext>();
    events.set(event, of);
    container.on(event, (context: EventContext) => of.add(context));
  }
  for (const event of [
    'error',
    'connection_error',
    'protocol_error',
    'session_error',
    'receiver_error',
    'sender_error',
  ]) {
    container.on(event, () => undefined);
  }
  const connection = container.connect({
    host: '127.0.0.1',
    reconnect: false,
    ...options,
  } as unknown as ConnectionOptions);
  return {
    container,
    connection,
    when: async (event) =>
      (await (events.get(event) as ReturnType<typeof arrivals<EventContext>>).first(1))[0] as EventContext,
    receiver: (queueName, wish = {}) => {
      const heard = arrivals<Heard>();
      const receiver = connection.open_receiver({ source: queueName, credit_window: 0, autoaccept: false, ...wish });
      receiver.on('message', (context: EventContext) => heard.add(heardOf(context)));
      receiver.on('receiver_close', () => undefined);
      let taken = 0;
      return {
        receiver,
        get heard() {
          return heard.all;
        },
        next: async (count) => {
          const all = await heard.first(taken + count);
          taken += count;
          return all.slice(-count);
        },
      };
    },
  };
}

function heardOf({ message, delivery }: EventContext): Heard {
  if (message === undefined || delivery === undefined) throw new Error('A message event without a message.');
  const event = JSON.parse(String(message.body)) as {
    notify_data: { header: { device_id: string }; body: { content: unknown } };
  };
  const { header, body } = event.notify_data;
  return { deviceId: header.device_id, content: body.content, delivery, message };
}
