import {
  DeleteSubscriptionsQuery,
  type LegacySubscription,
  LegacySubscribeQuery,
  LegacySubscribeRequest,
  ListSubscriptionsQuery,
  ManagementSubscribeRequest,
} from '@muster/contract/legacy';
import type { Subscription } from '../../../domain/legacy-subscription.ts';
import { present } from '../../../domain/present.ts';
import type { LegacySubscriptionService } from '../../../services/legacy-subscriptions.ts';
import { LegacyError } from '../legacy-error.ts';
import { answerList } from '../page.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeSubscribe } from './decode.ts';

/** `rowsMax`: of a list that is not paged. */
export function createSubscriptionRoutes(subscriptions: LegacySubscriptionService, rowsMax: number): LegacyRoute[] {
  return [
    legacyRoute('Subscribe', {
      ...{ query: LegacySubscribeQuery, body: LegacySubscribeRequest },
      handle: async ({ owner, body }) => {
        const made = await subscriptions.subscribe(owner, decodeSubscribe(body, 'business'));
        return encodeSubscription(known(made, '100227'));
      },
    }),
    legacyRoute('SubscribeToManagement', {
      body: ManagementSubscribeRequest,
      handle: async ({ owner, body }) => {
        await subscriptions.subscribe(owner, decodeSubscribe(body, 'management'));
      },
    }),
    legacyRoute('SubscribeInOldestForm', {
      body: ManagementSubscribeRequest,
      handle: async ({ owner, body }) => {
        const made = await subscriptions.subscribe(owner, decodeSubscribe(body, 'oldest'));
        return encodeSubscription(known(made, '100227'));
      },
    }),
    legacyRoute('ListSubscriptions', {
      query: ListSubscriptionsQuery,
      handle: ({ owner, query }) =>
        answerList(query, {
          ...{ member: 'subscriptions', rowsMax, encode: encodeSubscription },
          read: (page) => subscriptions.list(owner, present({ notifyType: query.notifyType }), page),
        }),
    }),
    legacyRoute('ShowSubscription', {
      handle: async ({ owner, param }) =>
        encodeSubscription(known(await subscriptions.find(owner, param('subscriptionId')), '100225')),
    }),
    legacyRoute('DeleteSubscription', {
      handle: async ({ owner, param }) => {
        const ended = await subscriptions.end(owner, { subscriptionId: param('subscriptionId') });
        if (ended === 0) throw new LegacyError('100225');
      },
    }),
    legacyRoute('DeleteSubscriptions', {
      query: DeleteSubscriptionsQuery,
      handle: async ({ owner, query: { notifyType, callbackUrl, callbackurl } }) => {
        const url = callbackUrl ?? callbackurl;
        if ((await subscriptions.end(owner, present({ notifyType, url }))) === 0) throw new LegacyError('200001');
      },
    }),
  ];
}

function known(subscription: Subscription | undefined, code: string): Subscription {
  if (subscription === undefined) throw new LegacyError(code);
  return subscription;
}

/** Legacy 8: the URL in both spellings, always. */
function encodeSubscription({ subscriptionId, notifyType, url }: Subscription): LegacySubscription {
  return { subscriptionId, notifyType, callbackUrl: url, callbackurl: url, clientIds: null };
}
