import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import type { HttpForwarding } from '../../../src/domain/rule.ts';
import { type HttpPushSettings, createHttpPush } from '../../../src/push/http/http-push.ts';
import { createLog } from '../../../src/system/log.ts';
import { createMetrics } from '../../../src/system/metrics.ts';
import { random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { testCertificate } from '../../mqtt/fixture/test-certificate.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { openTestStore } from '../../support/test-store.ts';
import { useFixture } from '../../support/use-fixture.ts';

export interface PushedEvent {
  readonly resource: string;
  readonly event: string;
  readonly request_id: string;
  readonly notify_data: { readonly body: Readonly<Record<string, string>> };
}

export interface Post {
  readonly event: PushedEvent;
  /** The body as it came. */
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
  /** When it came, on the test's clock. */
  readonly at: number;
  readonly fromPort: number | undefined;
}

export type Behave = (response: ServerResponse, post: Post, count: number) => void;

/** The worker on a real outbox, and receivers that behave as they are told. */
export async function openPushFixture() {
  const clock = createManualClock();
  const store = await openTestStore();
  const given = createGiven(store);
  const scope = await given.scope();
  const receivers: Server[] = [];
  const workers: { stop(): Promise<void> }[] = [];

  const receiver = async (behave: Behave = (response) => response.end(), options: { tls?: boolean } = {}) => {
    const posts: Post[] = [];
    const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
      const text = await textOf(message);
      const event = JSON.parse(text) as PushedEvent;
      const post = { event, text, headers: message.headers, at: clock.now(), fromPort: message.socket.remotePort };
      posts.push(post);
      behave(response, post, posts.length);
    };
    const listener = (message: IncomingMessage, response: ServerResponse): void => {
      answer(message, response).catch(() => response.destroy());
    };
    const server = options.tls === true ? createTlsServer(testCertificate, listener) : createServer(listener);
    receivers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const statuses = (taskId?: string): string[] =>
      posts
        .filter(({ event }) => taskId === undefined || event.notify_data.body['task_id'] === taskId)
        .map(({ event }) => event.notify_data.body['status'] ?? '');
    return { posts, statuses, port, url: `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}/push?x=1` };
  };

  const worker = (settings: Partial<HttpPushSettings> = {}) => {
    const push = createHttpPush({
      store,
      clock,
      random,
      log: createLog({ level: 'silent', format: 'json' }),
      metrics: createMetrics(),
      settings: { gatherMs: 0, allowPrivate: [{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }], ...settings },
    });
    workers.push(push);
    return push;
  };

  return {
    clock,
    store,
    given,
    scope,
    receiver,
    worker,
    action: (http: HttpForwarding) => given.action(scope, { target: { channel: 'HTTP_FORWARDING', http } }),
    close: async () => {
      for (const server of receivers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await Promise.all(workers.map((push) => push.stop()));
      await store.stop();
    },
  };
}

export type PushFixture = Awaited<ReturnType<typeof openPushFixture>>;

export const usePushFixture = (): (() => PushFixture) => useFixture(() => openPushFixture());
