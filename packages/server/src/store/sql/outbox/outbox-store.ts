import type { OutboxStore, TrimLimits } from '../../../ports/store/push-store.ts';
import { first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { claimHeads } from './claim-heads.ts';
import { deliveryStatus, listWaiting, redeliverChunk } from './delivery-log.ts';
import { finishItems } from './finish-items.ts';
import { dropOldest, surveyBacklogs } from './trim-outbox.ts';

export function createOutboxStore({ read, write }: Runner, ctx: SqlContext): OutboxStore {
  return {
    // Most looks find nothing, and a look costs no transaction.
    claim: async (now, options) => {
      const wake = await read(nextWake);
      return wake === undefined || wake > now ? [] : write(() => claimHeads(ctx, now, options));
    },
    finish: (outcomes, now) => write(() => finishItems(ctx, outcomes, now)),
    nextWake: () => read(nextWake),
    trim: (now, limits) => trim({ read, write }, ctx, { now, limits }),
    size: () => read(size),
    status: (actionId) => read(() => deliveryStatus(ctx, actionId)),
    listWaiting: (query) => read(() => listWaiting(ctx, query)),
    redeliver: async (actionId, options) => {
      let sum = 0;
      for (let after: number | undefined = 0; after !== undefined; ) {
        const from: number = after;
        const { last, count } = await write(() => redeliverChunk(ctx, { ...options, actionId, after: from }));
        sum += count;
        after = last;
      }
      return sum;
    },
  };
}

/** One look at every project's backlog, then only those that have too much. */
async function trim(
  { read, write }: Runner,
  ctx: SqlContext,
  { now, limits }: { readonly now: number; readonly limits: TrimLimits },
): Promise<number> {
  let sum = 0;
  for (const backlog of await read(() => surveyBacklogs(ctx, now, limits))) {
    let excess = backlog.excessBytes;
    for (;;) {
      const from = { ...backlog, excessBytes: excess };
      const { count, bytes, isDone } = await write(() => dropOldest(ctx, from));
      sum += count;
      excess -= bytes;
      if (isDone) break;
    }
  }
  return sum;
}

function* nextWake(): Program<number | undefined> {
  const row = yield* first<{ at: number | null }>({
    sql: `SELECT min(at) AS at FROM (SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL
      UNION ALL SELECT min(flow_at) FROM action_deliveries WHERE flow_at IS NOT NULL) AS wakes`,
    parameters: [],
  });
  return row?.at ?? undefined;
}

function* size(): Program<number> {
  const row = yield* first<{ count: number }>({
    sql: 'SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM queue_messages) AS count',
    parameters: [],
  });
  return row?.count ?? 0;
}
