import type { ActionId, AppId, ProjectId, RuleId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ReceivedMessage } from '../../domain/notices/message-notices.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { Rule, RuleAction, ActionChannel } from '../../domain/rule.ts';

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

  /** Problems: ruleNotFound. */
  insertAction(action: RuleAction): Promise<void>;
  findAction(projectId: ProjectId, actionId: ActionId): Promise<RuleAction | undefined>;
  listActions(
    filter: { projectId: ProjectId; ruleId?: RuleId; channel?: string; global?: boolean; appId?: AppId },
    page: PageRequest,
  ): Promise<Page<RuleAction>>;
  /** Problems: actionNotFound. */
  updateAction(projectId: ProjectId, actionId: ActionId, target: ActionChannel): Promise<RuleAction>;
  /** Problems: actionNotFound. */
  deleteAction(projectId: ProjectId, actionId: ActionId): Promise<void>;
}

/** One event for one action, waiting to be delivered. */
export interface OutboxItem {
  /** Grows; order within an action and key is order of delivery. */
  readonly no: number;
  readonly actionId: ActionId;
  /** The task, or the device for device events: order is kept per action and key (v5 15.3). */
  readonly key: string;
  readonly payload: JsonObject;
  readonly attempts: number;
  readonly target: ActionChannel;
}

/** What happens without changing anything stored, and may be pushed all the same. */
export interface EventStore {
  /** Messages of devices to the applications (v5 15.5, `device.message:report`); what nobody listens to leaves nothing. */
  received(messages: readonly ReceivedMessage[]): Promise<void>;
}

export interface OutboxStore {
  /** The head of every (action, key) whose time has come, leased until `leaseUntil`; at most `limit`. */
  claim(now: number, options: { limit: number; leaseUntil: number }): Promise<readonly OutboxItem[]>;
  /** Delivered: gone. */
  complete(nos: readonly number[]): Promise<void>;
  /**
   * Not delivered: tried again at `at`, with the error kept for the operator. Without an error it was not even tried, and no attempt is
   * counted: a claim is given back.
   */
  postpone(
    items: readonly { readonly no: number; readonly at: number; readonly error: string | undefined }[],
  ): Promise<void>;
  /** When the next one is due, ms since epoch. */
  nextWake(): Promise<number | undefined>;
  /** Drops the oldest beyond the backlog limits (v5 15.4); returns how many. */
  trim(limits: { readonly bytesMax: number; readonly createdBefore: number }): Promise<number>;
  size(): Promise<number>;
}
