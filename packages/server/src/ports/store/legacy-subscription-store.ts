import type { AppId, ProjectId } from '../../domain/ids.ts';
import type { NotifyType, Subscription } from '../../domain/legacy-subscription.ts';
import type { EitherEnd, Page } from '../../domain/paging.ts';

/** Whose they are. */
export interface SubscriptionOwner {
  readonly projectId: ProjectId;
  readonly appId: AppId;
}

export interface SubscriptionFilter extends SubscriptionOwner {
  readonly notifyType?: NotifyType;
  /** Exact. */
  readonly url?: string;
}

/** What legacy applications want to hear of (legacy 8). What waits for a subscription goes with it, and the new way where its URL changes. */
export interface LegacySubscriptionStore {
  /** False: the application has one of the type. Problems: appNotFound. */
  insert(subscription: Subscription): Promise<boolean>;
  /** One that the application has of the type gets the URL and kind, and keeps its id; returns it as it is now. Problems: appNotFound. */
  put(subscription: Subscription): Promise<Subscription>;
  find(owner: SubscriptionOwner, subscriptionId: string): Promise<Subscription | undefined>;
  list(filter: SubscriptionFilter, page: EitherEnd): Promise<Page<Subscription>>;
  /** Returns how many there were that match. */
  delete(filter: SubscriptionFilter & { readonly subscriptionId?: string }): Promise<number>;
}
