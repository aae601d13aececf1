import type { ProjectId, QueueId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { AccessCode, Queue } from '../../domain/queue.ts';

export interface QueueFilter {
  readonly projectId: ProjectId;
  /** Part of the name. */
  readonly namePart?: string;
}

/** v5 15.6. */
export interface QueueStore {
  /** Problems: queueNameTaken, queueLimit. */
  insert(queue: Queue, queuesMax: number): Promise<void>;
  find(projectId: ProjectId, queueId: QueueId): Promise<Queue | undefined>;
  findByName(projectId: ProjectId, name: string): Promise<Queue | undefined>;
  list(filter: QueueFilter, page: PageRequest): Promise<Page<Queue>>;
  /** With what waits in it. Problems: queueNotFound, queueInUse (by an action, or the project's default one). */
  delete(projectId: ProjectId, queueId: QueueId): Promise<void>;
}

/** A consumer's link, which holds messages of one queue. */
export interface Holder {
  readonly queueId: QueueId;
  /** Unique in the installation for ever; begins with the node's name and `/`. */
  readonly holder: string;
}

export interface QueueMessage {
  readonly no: number;
  /** JSON as it is pushed. */
  readonly payload: string;
  readonly bytes: number;
  readonly createdAt: number;
  /** How often consumers did not want it. */
  readonly attempts: number;
}

export interface TakeOptions {
  readonly now: number;
  readonly countMax: number;
  /** Of all together; one is taken whatever its size. */
  readonly bytesMax: number;
}

/** What a holder does with a message that it has in hand. */
export type Settlement = { readonly no: number; readonly holder: string } & (
  | { readonly kind: 'accepted' }
  /** Free again at once. */
  | { readonly kind: 'released' }
  /** Free again at `dueAt`, one attempt more. */
  | { readonly kind: 'failed'; readonly dueAt: number }
);

export interface QueueMessageStore {
  /**
   * The oldest free messages, the holder's from now on. None whose key another holder has anything of, or of which an older one is put
   * off: so order per key holds across competing consumers (v5 15.3). Undefined: the queue does not exist any more.
   */
  take(holder: Holder, options: TakeOptions): Promise<readonly QueueMessage[] | undefined>;
  /** What is not the holder's (any more) is left alone. */
  settle(settlements: readonly Settlement[], now: number): Promise<void>;
  /** The holder has gone: what it had in hand is free. */
  release(holder: Holder): Promise<void>;
  /** The same for all holders of a node. */
  releaseNode(node: string): Promise<void>;
  /** Which of these have something free that is due, or do not exist any more. */
  waiting(queueIds: readonly QueueId[], now: number): Promise<readonly QueueId[]>;
}

/** v5 15.6: one access code for each project and type. */
export interface AccessCodeStore {
  /**
   * In the place of the one before. `disconnects`: whoever signed in with that one is cut off, and the other nodes are told in the same
   * transaction.
   */
  replace(code: AccessCode, options: { readonly disconnects: boolean }): Promise<void>;
  find(accessKey: string): Promise<AccessCode | undefined>;
}
