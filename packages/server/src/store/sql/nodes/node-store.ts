import type { NodeBeat, NodeRef, NodeStore } from '../../../ports/store/node-store.ts';
import { present } from '../columns.ts';
import { lockedRows } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import { releaseSome } from '../queues/queue-message-store.ts';
import { detachSome, lastEpoch } from '../sessions/detach-node.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { broadcastLetter, hasLetters, postDownlinks, postLetters, takeLetters } from './letters.ts';

/** Messages of consumers that one statement frees. */
const releaseStep = 5000;

export function createNodeStore({ read, write }: Runner, ctx: SqlContext): NodeStore {
  return {
    register: (node) => write(() => register(ctx, node)),
    beat: (node) => write(() => beat(ctx, node)),
    leave: (node) => write(() => leave(node)),
    bury: (options) => write(() => bury(ctx, options)),
    post: (node, letters) =>
      write(() =>
        postLetters(
          ctx,
          letters.map((letter) => ({ node, letter })),
        ),
      ),
    postDownlinks: (from, downlinks) => write(() => postDownlinks(ctx, from, downlinks)),
    broadcast: (from, letter) => write(() => broadcastLetter(from, letter)),
    // Most looks find nothing, and a look costs no transaction.
    take: async (node, limit) =>
      (await read(() => hasLetters(node))) ? write(() => takeLetters(ctx, node, limit)) : [],
  };
}

function* register({ dialect }: SqlContext, { name, instance }: NodeRef): Program<NodeBeat> {
  const row = yield* first<{ now: number }>({
    sql: `INSERT INTO nodes (name, instance, beat_at) VALUES (?, ?, ${dialect.now})
      ON CONFLICT (name) DO UPDATE SET instance = excluded.instance, beat_at = excluded.beat_at RETURNING beat_at AS now`,
    parameters: [name, instance],
  });
  // What was meant for an earlier life went to sessions that are gone, and what its consumers had in hand is free.
  yield* change({ sql: 'DELETE FROM node_letters WHERE node = ?', parameters: [name] });
  while ((yield* releaseSome(name, releaseStep)) === releaseStep);
  return { isOurs: true, isReplaced: false, now: present(row).now };
}

function* beat({ dialect }: SqlContext, { name, instance }: NodeRef): Program<NodeBeat> {
  const own = yield* first<{ now: number }>({
    sql: `UPDATE nodes SET beat_at = ${dialect.now} WHERE name = ? AND instance = ? RETURNING beat_at AS now`,
    parameters: [name, instance],
  });
  if (own !== undefined) return { isOurs: true, isReplaced: false, now: own.now };
  const row = yield* first<{ now: number; others: number }>({
    sql: `SELECT ${dialect.now} AS now, (SELECT count(*) FROM nodes WHERE name = ? AND instance IS NOT NULL) AS others`,
    parameters: [name],
  });
  return { isOurs: false, isReplaced: present(row).others > 0, now: present(row).now };
}

function* leave({ name, instance }: NodeRef): Program<void> {
  const gone = yield* change({
    sql: 'DELETE FROM nodes WHERE name = ? AND instance = ?',
    parameters: [name, instance],
  });
  if (gone > 0) yield* change({ sql: 'DELETE FROM node_letters WHERE node = ?', parameters: [name] });
}

function* bury(
  ctx: SqlContext,
  { silentMs, at, limit }: Parameters<NodeStore['bury']>[0],
): Program<string | undefined> {
  // Fenced first: from here on its own beat tells it that it must not go on.
  yield* change({
    sql: `UPDATE nodes SET instance = NULL WHERE instance IS NOT NULL AND beat_at < ${ctx.dialect.now} - CAST(? AS BIGINT)`,
    parameters: [silentMs],
  });
  const dead = yield* first<{ name: string }>({
    sql: `SELECT name FROM nodes WHERE instance IS NULL ORDER BY name LIMIT 1 ${lockedRows(ctx, 'nodes')}`,
    parameters: [],
  });
  if (dead === undefined) {
    yield* dropUndeliverable(limit);
    return undefined;
  }
  const { name: node } = dead;
  const detached = yield* detachSome(ctx, { node, at, epochMax: yield* lastEpoch(ctx), limit });
  if (detached === limit) return node;
  if ((yield* releaseSome(node, releaseStep)) === releaseStep) return node;
  yield* change({ sql: 'DELETE FROM node_letters WHERE node = ?', parameters: [node] });
  yield* change({ sql: 'DELETE FROM nodes WHERE name = ? AND instance IS NULL', parameters: [node] });
  return node;
}

/** What was posted while its node was being given up. */
function* dropUndeliverable(limit: number): Program<void> {
  yield* change({
    sql: `DELETE FROM node_letters WHERE no IN (SELECT l.no FROM node_letters l
      WHERE NOT EXISTS (SELECT 1 FROM nodes n WHERE n.name = l.node) LIMIT ?)`,
    parameters: [limit],
  });
}
