import { Agent, type Dispatcher, request } from 'undici';
import type { HttpForwarding } from '../../domain/rule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { OutboxItem } from '../../ports/store/push-store.ts';
import type { AddressGuard } from './address-guard.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { answered, failureOf, tooLate } from './push-failure.ts';
import { signatureHeaders } from './signature.ts';

export type Post = Pick<OutboxItem, 'payload' | 'target'>;

export interface HttpSender {
  /** Resolves with the status where the receiver answered well in time; rejects with a PushFailure otherwise. */
  send(post: Post, stop: AbortSignal): Promise<number>;
  /** Breaks what is under way. */
  close(): Promise<void>;
}

export interface HttpSenderParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly isAllowed: AddressGuard;
  /** v5 15.3. */
  readonly timeoutMs: number;
  readonly connectionsPerReceiver: number;
  /** Certificates (PEM) that vouch for receivers beside the public ones. */
  readonly ca: readonly string[];
  /** False: any certificate will do. */
  readonly tlsVerify: boolean;
  /** Which statuses say that the receiver has it. */
  accepts(status: number): boolean;
}

/** Agents with a server name of their own are rare; more than these are closed, the longest unused first. */
const agentsMax = 32;
/** What a receiver says is of no use; so much of it is read to keep the connection. */
const answerBytesMax = 64 * 1024;
const answerTimeMs = 2000;

export function createHttpSender(parts: HttpSenderParts): HttpSender {
  const agents = createAgents(parts);
  return {
    send: (what, stop) => post(parts, { what, stop, agents }),
    close: () => agents.close(),
  };
}

interface Agents {
  of(http: HttpForwarding): Agent;
  close(): Promise<void>;
}

function createAgents({ isAllowed, timeoutMs, connectionsPerReceiver, ca, tlsVerify }: HttpSenderParts): Agents {
  const agents = new Map<string, Agent>();
  const create = (serverName: string): Agent =>
    new Agent({
      connect: createGuardedConnector({
        ...{ isAllowed, timeoutMs, ca, tlsVerify },
        serverName: serverName === '' ? undefined : serverName,
      }),
      connections: connectionsPerReceiver,
      pipelining: 1,
      // One limit for the whole delivery is kept by the clock of `post`.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
  return {
    of: ({ sniEnable, cnName }) => {
      const [serverName = ''] = sniEnable === true ? (cnName ?? '').split(':', 1) : [];
      const agent = agents.get(serverName) ?? create(serverName);
      // Last in the map is last used.
      agents.delete(serverName);
      agents.set(serverName, agent);
      const [oldest] = agents;
      if (agents.size > agentsMax && oldest !== undefined) {
        agents.delete(oldest[0]);
        void oldest[1].close();
      }
      return agent;
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

interface Posting {
  readonly what: Post;
  readonly stop: AbortSignal;
  readonly agents: Agents;
}

async function post(parts: HttpSenderParts, { what, stop, agents }: Posting): Promise<number> {
  const { clock, random, timeoutMs } = parts;
  const { http } = what.target;
  const cut = new AbortController();
  let isLate = false;
  const timer = clock.setTimer(timeoutMs, () => {
    isLate = true;
    cut.abort();
  });
  const onStop = (): void => cut.abort();
  stop.addEventListener('abort', onStop);
  try {
    const { statusCode, body } = await request(http.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'muster', ...signatureOf(http, clock, random) },
      body: JSON.stringify(what.payload),
      dispatcher: agents.of(http),
      signal: cut.signal,
    });
    discard(body, clock);
    // A redirection is an answer like any other that does not say so: where it points to was not agreed with anybody.
    if (!parts.accepts(statusCode)) throw answered(statusCode);
    return statusCode;
  } catch (error) {
    throw isLate ? tooLate(timeoutMs, error) : failureOf(error);
  } finally {
    timer.cancel();
    stop.removeEventListener('abort', onStop);
  }
}

function signatureOf(http: HttpForwarding, clock: Clock, random: Random): Record<string, string> {
  if (http.signatureEnable !== true || http.token === undefined) return {};
  return signatureHeaders(http.token, clock.now(), random);
}

/** The delivery is done with its status; its body is read and dropped beside it, and broken off where it is long or slow. */
function discard(body: Dispatcher.ResponseData['body'], clock: Clock): void {
  const timer = clock.setTimer(answerTimeMs, () => body.destroy());
  body.on('error', () => {});
  body.once('close', () => timer.cancel());
  body.dump({ limit: answerBytesMax }).catch(() => {});
}
