import type { QueueId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { QueueMessageStore } from '../../ports/store/queue-store.ts';
import type { ConsumerLink } from './consumer-link.ts';
import { QueueLinks } from './queue-links.ts';

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
  const links = new QueueLinks();

  /** How many it got; undefined: the queue is no more. */
  async function serveLink(link: ConsumerLink): Promise<number | undefined> {
    const countMax = Math.min(link.room, takeMax);
    if (countMax === 0) return 0;
    const taken = await messages.take(link.held, { now: clock.now(), countMax, bytesMax: link.bytesRoom });
    if (taken === undefined) return undefined;
    if (taken.length > 0) link.send(taken);
    else link.onDry();
    if (taken.length === countMax) links.setFlowing(link.held.queueId, true);
    return taken.length;
  }

  async function serveQueue(queueId: QueueId): Promise<boolean> {
    let hasTaken = false;
    links.setFlowing(queueId, false);
    for (const link of links.withRoom(queueId).slice(0, triesMax)) {
      // Whatever it gets.
      links.putBack(link);
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
    for (const link of links.of(queueId)) link.close(gone);
    links.removeQueue(queueId);
  }

  /** Those of which something waits; the links of the others hear that there is nothing (more). */
  async function ask(queueIds: readonly QueueId[]): Promise<readonly QueueId[]> {
    const waiting = new Set(await messages.waiting(queueIds, clock.now()));
    for (const queueId of queueIds) {
      if (waiting.has(queueId)) continue;
      for (const link of links.of(queueId)) link.onDry();
    }
    return [...waiting];
  }

  const job = createPeriodicJob({
    what: 'messages of queues are handed to consumers',
    clock,
    log,
    everyMs,
    async step() {
      const { flowing = [], still = [] } = Object.groupBy(links.hungry(), (queueId) =>
        links.isFlowing(queueId) ? 'flowing' : 'still',
      );
      const served = await Promise.all([...flowing, ...(await ask(still))].map(serveQueue));
      return served.includes(true);
    },
  });

  return {
    ...job,
    add(link) {
      links.add(link);
      job.nudge();
    },
    remove: (link) => links.remove(link),
  };
}
