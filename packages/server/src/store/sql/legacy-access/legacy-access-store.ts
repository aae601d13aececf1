import type { App } from '../../../domain/app.ts';
import { type AppId, asId, type ProjectId } from '../../../domain/ids.ts';
import type { LegacySecret, LegacyTokens } from '../../../domain/legacy-access.ts';
import type { IssueOptions, LegacyAccessStore, LegacyGrant } from '../../../ports/store/legacy-access-store.ts';
import { appOf } from '../apps/app-codec.ts';
import { getApp } from '../apps/app-store.ts';
import type { LegacyTokensTable } from '../legacy-tables.ts';
import { locked } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

export function createLegacyAccessStore({ read, write }: Runner, ctx: SqlContext): LegacyAccessStore {
  return {
    setSecret: (projectId, appId, secretHash) => write(() => setSecret(ctx, { projectId, appId, secretHash })),
    revokeSecret: (projectId, appId) => write(() => revokeSecret(ctx, projectId, appId)),
    findSecret: (appId) => read(() => findSecret(ctx, appId)),
    grant: (projectId, grant) => write(() => insertGrant(ctx, projectId, grant)),
    withdrawGrant: (projectId, grant) => write(() => deleteGrant(ctx, projectId, grant)),
    issue: (tokens, options) => write(() => issueTokens(ctx, tokens, options)),
    isRefreshToken: (token) => read(() => isLive(ctx, { ...token, kind: 'refresh' })),
    findCaller: (token) => read(() => findCaller(ctx, token)),
    findOwner: (caller, ownerId) => read(() => findOwner(ctx, caller, ownerId)),
    endAccessToken: (hash) => write(() => endAccessToken(ctx, hash)),
    purge: (now, limit) => write(() => purgeTokens(now, limit)),
  };
}

interface NewSecret {
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly secretHash: string;
}

function* setSecret(ctx: SqlContext, { projectId, appId, secretHash }: NewSecret): Program<void> {
  yield* getApp(ctx, projectId, appId);
  yield* insertSecret(ctx, appId, secretHash);
}

/** Of an application that exists. */
export function* insertSecret({ db }: SqlContext, appId: AppId, secretHash: string): Program<void> {
  const changing = { secret_hash: secretHash, frozen: 0 } as const;
  yield* change(
    db
      .insertInto('legacy_secrets')
      .values({ app_id: appId, ...changing })
      .onConflict((conflict) => conflict.column('app_id').doUpdateSet(changing)),
  );
}

function* revokeSecret(ctx: SqlContext, projectId: ProjectId, appId: AppId): Program<void> {
  yield* getApp(ctx, projectId, appId);
  yield* change(ctx.db.updateTable('legacy_secrets').set({ frozen: 1 }).where('app_id', '=', appId));
  yield* change(ctx.db.deleteFrom('legacy_tokens').where('app_id', '=', appId));
}

function* findSecret({ db }: SqlContext, appId: AppId): Program<LegacySecret | undefined> {
  const row = yield* first(db.selectFrom('legacy_secrets').selectAll().where('app_id', '=', appId));
  return row && { appId: asId<AppId>(row.app_id), secretHash: row.secret_hash, frozen: row.frozen === 1 };
}

function* insertGrant(ctx: SqlContext, projectId: ProjectId, { ownerId, callerId }: LegacyGrant): Program<void> {
  for (const appId of [ownerId, callerId]) yield* getApp(ctx, projectId, appId);
  yield* change(
    ctx.db
      .insertInto('legacy_grants')
      .values({ owner_id: ownerId, caller_id: callerId })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

function* deleteGrant(ctx: SqlContext, projectId: ProjectId, { ownerId, callerId }: LegacyGrant): Program<void> {
  for (const appId of [ownerId, callerId]) yield* getApp(ctx, projectId, appId);
  yield* change(ctx.db.deleteFrom('legacy_grants').where('owner_id', '=', ownerId).where('caller_id', '=', callerId));
}

function* issueTokens(ctx: SqlContext, tokens: LegacyTokens, options: IssueOptions): Program<boolean> {
  const { db } = ctx;
  const { appId } = tokens;
  // Held, so that neither a revocation nor another sign-in of the application comes in between.
  const secret = yield* first(locked(ctx, db.selectFrom('legacy_secrets').selectAll().where('app_id', '=', appId)));
  if (secret === undefined || secret.frozen === 1 || secret.secret_hash !== options.secretHash) return false;
  if (options.single) {
    yield* change(db.deleteFrom('legacy_tokens').where('app_id', '=', appId).where('kind', '=', 'access'));
  }
  for (const kind of ['access', 'refresh'] as const) yield* giveWay(ctx, { appId, kind, keep: options.tokensMax - 1 });
  const common = { record_id: ctx.random.orderedId(), app_id: appId };
  const { accessHash, refreshHash, accessExpiresAt, refreshExpiresAt } = tokens;
  const access = { ...common, token_hash: accessHash, kind: 'access', expires_at: accessExpiresAt } as const;
  const refresh = { ...common, token_hash: refreshHash, kind: 'refresh', expires_at: refreshExpiresAt } as const;
  for (const token of [access, refresh]) yield* change(db.insertInto('legacy_tokens').values(token));
  return true;
}

interface Keeping {
  readonly appId: AppId;
  readonly kind: LegacyTokensTable['kind'];
  readonly keep: number;
}

/** The oldest ones go; expired ones are the oldest. */
function* giveWay({ db }: SqlContext, { appId, kind, keep }: Keeping): Program<void> {
  const ofKind = db.selectFrom('legacy_tokens').where('app_id', '=', appId).where('kind', '=', kind);
  const last = yield* first(ofKind.select('record_id').orderBy('record_id', 'desc').offset(keep).limit(1));
  if (last === undefined) return;
  yield* change(
    db
      .deleteFrom('legacy_tokens')
      .where('app_id', '=', appId)
      .where('kind', '=', kind)
      .where('record_id', '<=', last.record_id),
  );
}

interface Shown {
  readonly appId: AppId;
  readonly hash: string;
  readonly now: number;
}

function* isLive(
  { db }: SqlContext,
  { appId, hash, now, kind }: Shown & { readonly kind: LegacyTokensTable['kind'] },
): Program<boolean> {
  const row = yield* first(
    db
      .selectFrom('legacy_tokens')
      .select('token_hash')
      .where('token_hash', '=', hash)
      .where('app_id', '=', appId)
      .where('kind', '=', kind)
      .where('expires_at', '>', now),
  );
  return row !== undefined;
}

function* findCaller(
  ctx: SqlContext,
  shown: Shown,
): Program<{ readonly app: App; readonly isSignedIn: boolean } | undefined> {
  const row = yield* first(ctx.db.selectFrom('apps').selectAll().where('app_id', '=', shown.appId));
  if (row === undefined) return undefined;
  return { app: appOf(row), isSignedIn: yield* isLive(ctx, { ...shown, kind: 'access' }) };
}

function* findOwner(
  { db }: SqlContext,
  caller: App,
  ownerId: AppId,
): Program<{ readonly app: App; readonly lets: boolean } | undefined> {
  const row = yield* first(
    db
      .selectFrom('apps')
      .leftJoin('legacy_grants', (join) =>
        join.onRef('legacy_grants.owner_id', '=', 'apps.app_id').on('legacy_grants.caller_id', '=', caller.appId),
      )
      .selectAll('apps')
      .select('legacy_grants.owner_id as granted')
      .where('apps.app_id', '=', ownerId)
      .where('apps.project_id', '=', caller.projectId),
  );
  return row && { app: appOf(row), lets: row.granted !== null || ownerId === caller.appId };
}

function* endAccessToken({ db }: SqlContext, hash: string): Program<void> {
  yield* change(db.deleteFrom('legacy_tokens').where('token_hash', '=', hash).where('kind', '=', 'access'));
}

function* purgeTokens(now: number, limit: number): Program<number> {
  return yield* change({
    sql: `DELETE FROM legacy_tokens WHERE token_hash IN
      (SELECT token_hash FROM legacy_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
    parameters: [now, limit],
  });
}
