import type { QueueId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { QueueMessageStore } from '../../ports/store/queue-store.ts';
import type { ConsumerLink } from './consumer-link.ts';

export interface PumpParts {
  readonly messages: QueueMessageStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Hands what waits in queues to the links that have room, in turns. */
export interface QueuePump extends PeriodicJob {
  add(link: ConsumerLink): void;
  remove(link: ConsumerLink): void;
}

/** Messages of one take: its transaction is short, and links of one queue take turns. */
const takeMax = 250;
/** Links that one look at a queue tries; the next look begins with the others. */
const triesMax = 32;
/** The longest that a message waits without a hint: other nodes queue, too, and what was put off falls due. */
const everyMs = 500;

export function createQueuePump({ messages, clock, log }: PumpParts): QueuePump {
  /** The links of each queue, the longest unserved first. */
  const queues = new Map<QueueId, Set<ConsumerLink>>();

  const withRoom = (queueId: QueueId): readonly ConsumerLink[] =>
    [...(queues.get(queueId) ?? [])].filter(({ room }) => room > 0);

  /** How many it got; undefined: the queue is no more. */
  async function serveLink(link: ConsumerLink): Promise<number | undefined> {
    const countMax = Math.min(link.room, takeMax);
    if (countMax === 0) return 0;
    const taken = await messages.take(link.held, { now: clock.now(), countMax, bytesMax: link.bytesRoom });
    if (taken === undefined) return undefined;
    if (taken.length > 0) link.send(taken);
    else link.onDry();
    return taken.length;
  }

  async function serveQueue(queueId: QueueId): Promise<boolean> {
    let hasTaken = false;
    for (const link of withRoom(queueId).slice(0, triesMax)) {
      const links = queues.get(queueId);
      // Behind the others, whatever it gets.
      if (links?.delete(link) === true) links.add(link);
      const count = await serveLink(link);
      if (count === undefined) {
        closeAll(queueId);
        return false;
      }
      hasTaken ||= count > 0;
    }
    return hasTaken;
  }

  function closeAll(queueId: QueueId): void {
    const gone = { condition: 'amqp:resource-deleted', description: 'The queue does not exist any more.' };
    for (const link of queues.get(queueId) ?? []) link.close(gone);
    queues.delete(queueId);
  }

  /** Nothing (more) waits for these. */
  function tellDry(asked: readonly QueueId[], waiting: ReadonlySet<QueueId>): void {
    for (const queueId of asked) {
      if (waiting.has(queueId)) continue;
      for (const link of queues.get(queueId) ?? []) link.onDry();
    }
  }

  const job = createPeriodicJob({
    what: 'messages of queues are handed to consumers',
    clock,
    log,
    everyMs,
    async step() {
      const hungry = [...queues.keys()].filter((queueId) => withRoom(queueId).length > 0);
      const waiting = await messages.waiting(hungry, clock.now());
      tellDry(hungry, new Set(waiting));
      const served = await Promise.all(waiting.map(serveQueue));
      return served.includes(true);
    },
  });

  return {
    ...job,
    add(link) {
      const { queueId } = link.held;
      queues.set(queueId, (queues.get(queueId) ?? new Set()).add(link));
      job.nudge();
    },
    remove(link) {
      const { queueId } = link.held;
      const links = queues.get(queueId);
      links?.delete(link);
      if (links?.size === 0) queues.delete(queueId);
    },
  };
}
