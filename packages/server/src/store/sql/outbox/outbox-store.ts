import type { OutboxStore } from '../../../ports/store/push-store.ts';
import { first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { claimHeads } from './claim-heads.ts';
import { postpone, removeItems } from './finish-items.ts';
import { trimAged, trimOversized } from './trim-outbox.ts';

/** Rows that one transaction of a trim drops at most. */
const trimStep = 1000;

export function createOutboxStore({ read, write }: Runner, ctx: SqlContext): OutboxStore {
  return {
    // Most looks find nothing, and a look costs no transaction.
    claim: async (now, options) => {
      const wake = await read(nextWake);
      return wake === undefined || wake > now ? [] : write(() => claimHeads(ctx, now, options));
    },
    complete: async (nos) => {
      await write(() => removeItems(ctx, nos));
    },
    postpone: (items) => write(() => postpone(ctx, items)),
    nextWake: () => read(nextWake),
    trim: async ({ bytesMax, createdBefore }) => {
      const aged = await untilDry(() => write(() => trimAged(ctx, createdBefore, trimStep)));
      return aged + (await untilDry(() => write(() => trimOversized(ctx, bytesMax, trimStep))));
    },
    size: () => read(size),
  };
}

async function untilDry(step: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const dropped = await step();
    sum += dropped;
    if (dropped === 0) return sum;
  }
}

function* nextWake(): Program<number | undefined> {
  const row = yield* first<{ at: number | null }>({
    sql: 'SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL',
    parameters: [],
  });
  return row?.at ?? undefined;
}

function* size(): Program<number> {
  const row = yield* first<{ count: number }>({ sql: 'SELECT count(*) AS count FROM outbox', parameters: [] });
  return row?.count ?? 0;
}
