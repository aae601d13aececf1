import { change, type Program } from '../program.ts';
import { postKey } from './insert-posts.ts';

export interface Redirection {
  readonly projectId: string;
  readonly subscriptionId: string;
  readonly from: string;
  readonly to: string;
}

/** What waits for the subscription goes to the new URL, at once; what was parked behind it at the old one may go now. */
export function* redirectPosts({ projectId, subscriptionId, from, to }: Redirection): Program<void> {
  const head = postKey({ projectId, url: to }, '');
  yield* change({
    sql: `UPDATE outbox SET url = ?, key = ? || substr(key, ?), next_at = CASE WHEN hold IS NULL THEN 0 ELSE next_at END
      WHERE subscription_id = ?`,
    parameters: [to, head, head.length + 1, subscriptionId],
  });
  yield* wakePosts(projectId, from);
}

/** All that is parked for a URL: a claim parks again whatever has something before it. */
export function* wakePosts(projectId: string, url: string): Program<void> {
  yield* change({
    sql: `UPDATE outbox SET next_at = 0 WHERE action_id IS NULL AND project_id = ? AND url = ? AND next_at IS NULL AND hold IS NULL`,
    parameters: [projectId, url],
  });
}
