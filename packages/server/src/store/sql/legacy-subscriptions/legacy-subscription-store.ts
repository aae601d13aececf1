import type { Selectable } from 'kysely';
import { type AppId, asId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { NotifyType, Subscription } from '../../../domain/legacy-subscription.ts';
import type { Page, EitherEnd } from '../../../domain/paging.ts';
import type {
  LegacySubscriptionStore,
  SubscriptionFilter,
  SubscriptionOwner,
} from '../../../ports/store/legacy-subscription-store.ts';
import { getApp } from '../apps/app-store.ts';
import type { LegacySubscriptionsTable } from '../legacy-tables.ts';
import { locked } from '../locks.ts';
import { redirectPosts, wakePosts } from '../outbox/redirect-posts.ts';
import { selectPage } from '../page.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

type Row = Selectable<LegacySubscriptionsTable>;
type Narrowed = SubscriptionFilter & { readonly subscriptionId?: string };

export function createLegacySubscriptionStore({ read, write }: Runner, ctx: SqlContext): LegacySubscriptionStore {
  return {
    insert: (subscription) => write(() => insertSubscription(ctx, subscription)),
    put: (subscription) => write(() => putSubscription(ctx, subscription)),
    find: (owner, subscriptionId) => read(() => findSubscription(ctx, owner, subscriptionId)),
    list: (filter, page) => read(() => listSubscriptions(ctx, filter, page)),
    delete: (filter) => write(() => deleteSubscriptions(ctx, filter)),
  };
}

function* insertSubscription(ctx: SqlContext, subscription: Subscription): Program<boolean> {
  if ((yield* holdOfType(ctx, subscription)) !== undefined) return false;
  yield* change(ctx.db.insertInto('legacy_subscriptions').values(rowOf(subscription)));
  return true;
}

function* putSubscription(ctx: SqlContext, subscription: Subscription): Program<Subscription> {
  const { url, kind, projectId } = subscription;
  const known = yield* holdOfType(ctx, subscription);
  if (known === undefined) {
    yield* change(ctx.db.insertInto('legacy_subscriptions').values(rowOf(subscription)));
    return subscription;
  }
  const { subscription_id: subscriptionId } = known;
  const changing = ctx.db.updateTable('legacy_subscriptions').set({ url, kind });
  yield* change(changing.where('subscription_id', '=', subscriptionId));
  if (known.url !== url) yield* redirectPosts({ projectId, subscriptionId, from: known.url, to: url });
  return subscriptionOf({ ...known, url, kind });
}

/** The application's one of the type, held; where two make it at once one of them begins again. */
function* holdOfType(ctx: SqlContext, { projectId, appId, notifyType }: Subscription): Program<Row | undefined> {
  yield* getApp(ctx, projectId, appId);
  const ofType = ctx.db.selectFrom('legacy_subscriptions').selectAll();
  return yield* first(locked(ctx, ofType.where('app_id', '=', appId).where('notify_type', '=', notifyType)));
}

const chosen = ({ db }: SqlContext, { projectId, appId, notifyType, url, subscriptionId }: Narrowed) => {
  let query = db.selectFrom('legacy_subscriptions').selectAll();
  query = query.where('project_id', '=', projectId).where('app_id', '=', appId);
  if (notifyType !== undefined) query = query.where('notify_type', '=', notifyType);
  if (url !== undefined) query = query.where('url', '=', url);
  return subscriptionId === undefined ? query : query.where('subscription_id', '=', subscriptionId);
};

function* findSubscription(
  ctx: SqlContext,
  owner: SubscriptionOwner,
  subscriptionId: string,
): Program<Subscription | undefined> {
  const row = yield* first(chosen(ctx, { ...owner, subscriptionId }));
  return row && subscriptionOf(row);
}

function* listSubscriptions(ctx: SqlContext, filter: SubscriptionFilter, page: EitherEnd): Program<Page<Subscription>> {
  return yield* selectPage(chosen(ctx, filter), {
    key: 'legacy_subscriptions.record_id',
    page,
    decode: subscriptionOf,
  });
}

/** What waits for them goes with them; what is behind that may go now. An application has one of each type: there are few. */
function* deleteSubscriptions(ctx: SqlContext, filter: Narrowed): Program<number> {
  const rows = yield* all<Row>(chosen(ctx, filter).orderBy('record_id'));
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.subscription_id);
  const deleted = yield* change(
    ctx.db.deleteFrom('legacy_subscriptions').where(ctx.dialect.isOneOf('subscription_id', ids)),
  );
  for (const url of new Set(rows.map((row) => row.url))) yield* wakePosts(filter.projectId, url);
  return deleted;
}

const subscriptionOf = (row: Row): Subscription => ({
  recordId: asId<RecordId>(row.record_id),
  subscriptionId: row.subscription_id,
  projectId: asId<ProjectId>(row.project_id),
  appId: asId<AppId>(row.app_id),
  // Written by this file alone.
  notifyType: row.notify_type as NotifyType,
  url: row.url,
  kind: row.kind,
});

const rowOf = (subscription: Subscription): Row => ({
  subscription_id: subscription.subscriptionId,
  record_id: subscription.recordId,
  project_id: subscription.projectId,
  app_id: subscription.appId,
  notify_type: subscription.notifyType,
  url: subscription.url,
  kind: subscription.kind,
});
