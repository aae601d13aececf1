import type { ActionId, AppId, ProjectId, RuleId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ReceivedMessage } from '../../domain/notices/message-notices.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { BacklogLimits } from '../../domain/policy.ts';
import type { ActionChannel, HttpChannel, Rule, RuleAction } from '../../domain/rule.ts';

export interface RuleFilter {
  readonly projectId: ProjectId;
  readonly resource?: string;
  readonly event?: string;
  readonly appId?: AppId;
  readonly global?: boolean;
  readonly name?: string;
  readonly active?: boolean;
}

export interface RuleStore {
  insert(rule: Rule): Promise<void>;
  find(projectId: ProjectId, ruleId: RuleId): Promise<Rule | undefined>;
  list(filter: RuleFilter, page: PageRequest): Promise<Page<Rule>>;
  /** A key with the value undefined clears, an absent one leaves as it is. Problems: ruleNotFound. */
  update(
    projectId: ProjectId,
    ruleId: RuleId,
    changes: Partial<Pick<Rule, 'name' | 'description' | 'select' | 'where' | 'active'>>,
  ): Promise<Rule>;
  /** Its actions and what waits for them go with it. Problems: ruleNotFound. */
  delete(projectId: ProjectId, ruleId: RuleId): Promise<void>;

  /** Its deliveries are counted from `now` on. Problems: ruleNotFound, queueNotFound (`amqp.queueName`). */
  insertAction(action: RuleAction, now: number): Promise<void>;
  findAction(projectId: ProjectId, actionId: ActionId): Promise<RuleAction | undefined>;
  listActions(
    filter: { projectId: ProjectId; ruleId?: RuleId; channel?: string; global?: boolean; appId?: AppId },
    page: PageRequest,
  ): Promise<Page<RuleAction>>;
  /** What waits goes the new way. Problems: actionNotFound, queueNotFound (`amqp.queueName`). */
  updateAction(projectId: ProjectId, actionId: ActionId, target: ActionChannel): Promise<RuleAction>;
  /** Problems: actionNotFound. */
  deleteAction(projectId: ProjectId, actionId: ActionId): Promise<void>;
}

/** Something that waits to be posted: an event for an action, or what a legacy receiver is told (legacy 9), which no action stands for. */
export interface OutboxItem {
  /** Grows; order within a receiver and key is order of delivery. */
  readonly no: number;
  /** Undefined: it is of the legacy generation, and goes by its rules. */
  readonly actionId: ActionId | undefined;
  /** Who takes it: the action, or the URL of a project. */
  readonly receiver: string;
  /** The task, or the device for device events: order is kept per receiver and key (v5 15.3, legacy 9.1). */
  readonly key: string;
  readonly payload: JsonObject;
  /** ms since epoch. */
  readonly createdAt: number;
  readonly attempts: number;
  /** False: its project keeps no backlog, and it is dropped where its first try fails (v5 15.4). */
  readonly isKept: boolean;
  readonly target: HttpChannel;
}

/** What happens without changing anything stored, and may be pushed all the same. */
export interface EventStore {
  /** Messages of devices to the applications (v5 15.5, `device.message:report`); what nobody listens to leaves nothing. */
  received(messages: readonly ReceivedMessage[]): Promise<void>;
}

export interface ClaimOptions {
  /** Of what is due, and as many again of what flow control lets through. */
  readonly limit: number;
  readonly leaseUntil: number;
  /** The action has enough in hand: flow control lets nothing of it through. */
  isBusy?(actionId: ActionId): boolean;
}

interface OfItem {
  readonly no: number;
  readonly actionId: ActionId | undefined;
}

/** What became of a claimed item. */
export type Outcome =
  | (OfItem & { readonly kind: 'delivered' })
  /** Tried again at `nextAt`; undefined: dropped. The error is a sentence for whoever owns the receiver. */
  | (OfItem & { readonly kind: 'failed'; readonly nextAt: number | undefined; readonly error: string })
  /** Not even tried: no attempt is counted. */
  | (OfItem & { readonly kind: 'returned'; readonly nextAt: number });

/** How the deliveries of an action went since `since`, ms since epoch. */
export interface DeliveryStatus {
  readonly since: number;
  readonly delivered: number;
  /** Attempts, not notifications. */
  readonly failed: number;
  /** By the backlog's limits. */
  readonly dropped: number;
  readonly waiting: number;
  readonly succeededAt: number | undefined;
  readonly failedAt: number | undefined;
  /** Of the last failure. */
  readonly error: string | undefined;
}

/** A notification that waits. */
export interface WaitingItem {
  readonly no: number;
  readonly key: string;
  /** Undefined: the rule's SELECT leaves it out. */
  readonly requestId: string | undefined;
  readonly createdAt: number;
  readonly attempts: number;
  readonly error: string | undefined;
  /** `due` at `nextAt`, `behind` an earlier one of its key, `limited` by flow control, `sending`. */
  readonly place: 'due' | 'behind' | 'limited' | 'sending';
  readonly nextAt: number | undefined;
}

export interface WaitingQuery {
  readonly actionId: ActionId;
  readonly key?: string;
  readonly limit: number;
  /** The last item of the page before. */
  readonly after?: Pick<WaitingItem, 'key' | 'no'>;
}

export interface WaitingPage {
  readonly items: readonly WaitingItem[];
  readonly count: number;
}

export interface TrimLimits extends BacklogLimits {
  /** What is of the legacy generation goes by an age of its own, whatever the project's limit is; absent: it may be of any. */
  readonly legacyAgeMs?: number;
}

export interface OutboxStore {
  /** The head of every (receiver, key) whose time has come and which flow control (v5 15.4) lets through, leased until `leaseUntil`. */
  claim(now: number, options: ClaimOptions): Promise<readonly OutboxItem[]>;
  /** What became of claimed items; together with it the log of their actions is written. */
  finish(outcomes: readonly Outcome[], now: number): Promise<void>;
  /** When the next one is due, ms since epoch. */
  nextWake(): Promise<number | undefined>;
  /** Drops the oldest beyond each project's backlog limits, queues included, or beyond these where it has none (v5 15.4); returns how many. */
  trim(now: number, defaults: TrimLimits): Promise<number>;
  /** Of outbox and queues together. */
  size(): Promise<number>;
  /** Undefined: no such action. */
  status(actionId: ActionId): Promise<DeliveryStatus | undefined>;
  /** By key, the oldest first. */
  listWaiting(query: WaitingQuery): Promise<WaitingPage>;
  /** What waits for its next attempt is due now; returns how many. */
  redeliver(actionId: ActionId, options: { readonly key: string | undefined; readonly now: number }): Promise<number>;
}
