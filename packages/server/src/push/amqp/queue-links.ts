import type { QueueId } from '../../domain/ids.ts';
import type { ConsumerLink } from './consumer-link.ts';

interface Queue {
  /** The longest unserved first. */
  readonly links: Set<ConsumerLink>;
  /** The last look took as many as it asked for: most likely there is more. */
  isFlowing: boolean;
}

/** The links of each queue that has any. */
export class QueueLinks {
  readonly #queues = new Map<QueueId, Queue>();

  add(link: ConsumerLink): void {
    const { queueId } = link.held;
    const queue = this.#queues.get(queueId) ?? { links: new Set(), isFlowing: false };
    queue.links.add(link);
    this.#queues.set(queueId, queue);
  }

  remove(link: ConsumerLink): void {
    const { queueId } = link.held;
    const queue = this.#queues.get(queueId);
    queue?.links.delete(link);
    if (queue?.links.size === 0) this.#queues.delete(queueId);
  }

  removeQueue(queueId: QueueId): void {
    this.#queues.delete(queueId);
  }

  of(queueId: QueueId): readonly ConsumerLink[] {
    return [...(this.#queues.get(queueId)?.links ?? [])];
  }

  withRoom(queueId: QueueId): readonly ConsumerLink[] {
    return this.of(queueId).filter(({ room }) => room > 0);
  }

  /** Queues of which some link can take something. */
  hungry(): readonly QueueId[] {
    return [...this.#queues.keys()].filter((queueId) => this.withRoom(queueId).length > 0);
  }

  isFlowing(queueId: QueueId): boolean {
    return this.#queues.get(queueId)?.isFlowing === true;
  }

  setFlowing(queueId: QueueId, isFlowing: boolean): void {
    const queue = this.#queues.get(queueId);
    if (queue !== undefined) queue.isFlowing = isFlowing;
  }

  /** Behind the others of its queue. */
  putBack(link: ConsumerLink): void {
    const links = this.#queues.get(link.held.queueId)?.links;
    if (links?.delete(link) === true) links.add(link);
  }
}
