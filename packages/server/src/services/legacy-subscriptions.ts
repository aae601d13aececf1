import type { App } from '../domain/app.ts';
import { asId, type RecordId } from '../domain/ids.ts';
import type { NotifyType, Subscription, SubscriptionKind } from '../domain/legacy-subscription.ts';
import type { EitherEnd, Page } from '../domain/paging.ts';
import type { Random } from '../ports/random.ts';
import type { SubscriptionFilter } from '../ports/store/legacy-subscription-store.ts';
import type { Store } from '../ports/store/store.ts';

export interface Subscribe {
  readonly notifyType: NotifyType;
  /** One that `isCallbackUrl` knows. */
  readonly url: string;
  readonly kind: SubscriptionKind;
}

export type SubscriptionWish = Pick<SubscriptionFilter, 'notifyType' | 'url'> & { readonly subscriptionId?: string };

/** What a legacy application wants to hear of, and where (legacy 8). `owner`: whose things are told of. */
export interface LegacySubscriptionService {
  /** Undefined: the application has one of the type, which the business call does not change. Problems: appNotFound. */
  subscribe(owner: App, command: Subscribe): Promise<Subscription | undefined>;
  find(owner: App, subscriptionId: string): Promise<Subscription | undefined>;
  list(owner: App, wish: Pick<SubscriptionWish, 'notifyType'>, page: EitherEnd): Promise<Page<Subscription>>;
  /** Returns how many matched. */
  end(owner: App, wish: SubscriptionWish): Promise<number>;
}

export interface LegacySubscriptionParts {
  readonly store: Pick<Store, 'legacySubscriptions'>;
  readonly random: Random;
}

export function createLegacySubscriptionService({ store, random }: LegacySubscriptionParts): LegacySubscriptionService {
  const { legacySubscriptions } = store;
  return {
    subscribe: async ({ projectId, appId }, command) => {
      const subscription: Subscription = {
        ...{ projectId, appId, ...command, subscriptionId: random.uuid() },
        recordId: asId<RecordId>(random.orderedId()),
      };
      if (command.kind !== 'business') return legacySubscriptions.put(subscription);
      return (await legacySubscriptions.insert(subscription)) ? subscription : undefined;
    },
    find: (owner, subscriptionId) => legacySubscriptions.find(keyOf(owner), subscriptionId),
    list: (owner, wish, page) => legacySubscriptions.list({ ...keyOf(owner), ...wish }, page),
    end: (owner, wish) => legacySubscriptions.delete({ ...keyOf(owner), ...wish }),
  };
}

const keyOf = ({ projectId, appId }: App) => ({ projectId, appId });
