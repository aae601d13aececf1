import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';

/** What is pushed, and where to (legacy 8). */
export function createSubscriptions(api: LegacyApi) {
  const one = (subscriptionId: string) => ({ params: { subscriptionId } });
  return {
    /** A second one of a type is refused with 100227; `put` replaces the URL. */
    create: (body: Body<'Subscribe'>, options?: LegacyCallOptions) =>
      api.call('Subscribe', { ...options, body, query: {} }),
    put: (body: Body<'SubscribeToManagement'>, options?: LegacyCallOptions) =>
      api.call('SubscribeToManagement', { ...options, body }),
    list: (query: Query<'ListSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.call('ListSubscriptions', { ...options, query }),
    listAll: (query: Query<'ListSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.each('ListSubscriptions', { ...options, query }),
    get: (subscriptionId: string, options?: LegacyCallOptions) =>
      api.call('ShowSubscription', { ...options, ...one(subscriptionId) }),
    delete: (subscriptionId: string, options?: LegacyCallOptions) =>
      api.call('DeleteSubscription', { ...options, ...one(subscriptionId) }),
    /** All that match, without a query all. */
    deleteAll: (query: Query<'DeleteSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.call('DeleteSubscriptions', { ...options, query }),
  };
}
