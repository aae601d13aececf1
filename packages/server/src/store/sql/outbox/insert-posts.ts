import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../domain/json.ts';
import { insertRows } from '../insert-rows.ts';
import type { Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** What a legacy receiver is told (legacy 9). */
export interface NewPost {
  readonly projectId: string;
  readonly url: string;
  /** Order is kept per device and URL (legacy 9.1). */
  readonly deviceId: string;
  readonly body: JsonObject;
  /** With which it goes, if it comes by one. */
  readonly subscriptionId?: string;
}

const columns = {
  project_id: 'text',
  url: 'text',
  key: 'text',
  payload: 'text',
  bytes: 'int',
  subscription_id: 'text',
  created_at: 'int',
  next_at: 'int',
} as const;

/** In the transaction of the change that they tell of (invariant 5): each is posted to its URL by the rules of legacy 9.1. */
export function* insertPosts(ctx: SqlContext, posts: readonly NewPost[], at: number): Program<void> {
  const rows = posts.map(({ projectId, url, deviceId, body, subscriptionId = null }) => {
    const payload = JSON.stringify(body);
    const key = postKey({ projectId, url }, deviceId);
    return [projectId, url, key, payload, Buffer.byteLength(payload), subscriptionId, at, at];
  });
  yield* insertRows(ctx, { into: 'outbox', columns, rows });
}

/** A URL may be longer than an index takes; half a SHA-256 is as good as the whole. */
export function postKey({ projectId, url }: Pick<NewPost, 'projectId' | 'url'>, deviceId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([projectId, url]))
    .digest();
  return `${hash.subarray(0, 16).toString('base64url')} ${deviceId}`;
}
