import { awaitedRequestId, type Downlink } from '../../../domain/downlink.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import type { NodeLetter } from '../../../domain/node-letter.ts';
import type { AppliedEffects } from '../../../ports/store/message-store.ts';
import { insertRows } from '../insert-rows.ts';
import { freeRows } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

const columns = { node: 'text', body: 'text' } as const;

export interface Addressed {
  readonly node: string;
  readonly letter: NodeLetter;
}

export function* postLetters(ctx: SqlContext, letters: readonly Addressed[]): Program<void> {
  const rows = letters.map(({ node, letter }) => [node, JSON.stringify(letter)]);
  yield* insertRows(ctx, { into: 'node_letters', columns, rows });
}

/**
 * What must not be overtaken goes by letter, to this node as well: letters are numbered while what they tell of is held, and taken in the
 * order of their numbers. Returns what is left to send after the commit; with one node that is all, because its commits have an order.
 */
export function* postInOrder(
  ctx: SqlContext,
  sent: AppliedEffects['sent'],
): Program<Pick<AppliedEffects, 'sent' | 'posted'>> {
  if (ctx.node === undefined) return { sent, posted: false };
  const ordered = sent.filter(({ inOrder }) => inOrder === true);
  yield* postLetters(
    ctx,
    ordered.map(({ node, downlink }) => ({ node, letter: { kind: 'downlink', downlink } })),
  );
  return { sent: sent.filter(({ inOrder }) => inOrder !== true), posted: ordered.length > 0 };
}

/** To every other node that lives. */
export function* broadcastLetter(from: string, letter: NodeLetter): Program<void> {
  yield* change({
    sql: `INSERT INTO node_letters (node, body) SELECT name, CAST(? AS TEXT) FROM nodes WHERE name <> ? AND instance IS NOT NULL`,
    parameters: [JSON.stringify(letter), from],
  });
}

/** These lose their access in this very transaction: whatever crashes, the nodes that they are connected to will hear of it. */
export function* announceClosed(
  ctx: SqlContext,
  deviceIds: readonly DeviceId[],
  reason: 'frozen' | 'deleted',
): Program<void> {
  if (ctx.node === undefined || deviceIds.length === 0) return;
  yield* broadcastLetter(ctx.node, { kind: 'close', deviceIds, reason });
}

/** Returns the positions of those whose device has no session on another node. */
export function* postDownlinks(
  ctx: SqlContext,
  from: string,
  downlinks: readonly Downlink[],
): Program<readonly number[]> {
  if (downlinks.length === 0) return [];
  const set = ctx.dialect.rows(
    { no: 'int', root_id: 'text' },
    downlinks.map((downlink, index) => [index, downlink.rootId]),
  );
  const held = yield* all<{ no: number; node: string }>({
    sql: `SELECT r.no, s.node FROM ${set.from}
      ${ctx.dialect.orderedJoin} sessions s ON s.device_id = r.root_id AND s.ended_at IS NULL AND s.node <> ?`,
    parameters: [...set.parameters, from],
  });
  const nodeOf = new Map(held.map(({ no, node }) => [no, node]));
  const letters = downlinks.flatMap((downlink, index): readonly Addressed[] => {
    const node = nodeOf.get(index);
    return node === undefined ? [] : [{ node, letter: letterOf(from, downlink) }];
  });
  yield* postLetters(ctx, letters);
  return downlinks.flatMap((_downlink, index) => (nodeOf.has(index) ? [] : [index]));
}

/** Whoever sends a synchronous request waits for its answer; what a task sends is answered to its run, on whatever node. */
const letterOf = (from: string, downlink: Downlink): NodeLetter =>
  awaitedRequestId(downlink.content) !== undefined
    ? { kind: 'downlink', downlink, replyTo: from }
    : { kind: 'downlink', downlink };

export function* hasLetters(node: string): Program<boolean> {
  const sql = 'SELECT no FROM node_letters WHERE node = ? LIMIT 1';
  return (yield* first({ sql, parameters: [node] })) !== undefined;
}

export function* takeLetters(ctx: SqlContext, node: string, limit: number): Program<readonly NodeLetter[]> {
  const rows = yield* all<{ no: number; body: string }>({
    sql: `DELETE FROM node_letters WHERE no IN
      (SELECT no FROM node_letters WHERE node = ? ORDER BY no LIMIT ? ${freeRows(ctx, 'node_letters')}) RETURNING no, body`,
    parameters: [node, limit],
  });
  return rows.toSorted((a, b) => a.no - b.no).map(({ body }) => JSON.parse(body) as NodeLetter);
}
