import type { SubtaskStore } from '../../../ports/store/subtask-store.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { command } from './command.ts';
import { listDetails } from './details.ts';
import { dispatch, listDue, react, settleDue } from './dispatch.ts';
import { listFailedRows } from './failed-rows.ts';
import { listOrdered } from './list-ordered.ts';
import { listRows } from './list-rows.ts';
import { expand } from './expand.ts';
import {
  findGrant,
  findLaneHolders,
  findLatestUpgrade,
  listChildLaneHolders,
  listHistory,
  releaseOffline,
  releaseOfflineChildren,
} from './lanes.ts';
import { nothingSettled } from './settle.ts';
import { hasTombstones, settleDeleted, sweep } from './sweep.ts';
import { listTurns, nextWake } from './turns.ts';

export function createSubtaskStore({ read, write }: Runner, ctx: SqlContext): SubtaskStore {
  return {
    listTurns: (now, limit, after = 0) => read(() => listTurns(ctx, now, { limit, after })),
    nextWake: (now) => read(() => nextWake(ctx, now)),
    expand: (taskNo, options) => write(() => expand(ctx, taskNo, options)),
    dispatch: (taskNo, options, decider) => write(() => dispatch(ctx, taskNo, { options, decider })),
    listDue: (now, limit) => read(() => listDue(now, limit)),
    settleDue: (due, options, decider) => write(() => settleDue(ctx, due, { options, decider })),
    react: (batch, options, decider) => write(() => react(ctx, batch, { options, decider })),
    findLaneHolders: (deviceIds) => read(() => findLaneHolders(ctx, deviceIds)),
    listChildLaneHolders: (gatewayId, after, limit) =>
      read(() => listChildLaneHolders(ctx, gatewayId, { after, limit })),
    releaseOffline: (deviceIds, now) => write(() => releaseOffline(ctx, deviceIds, now)),
    releaseOfflineChildren: (gatewayId, now) => write(() => releaseOfflineChildren(ctx, gatewayId, now)),
    findLatestUpgrade: (deviceId) => read(() => findLatestUpgrade(deviceId)),
    command: (request, options, decider) => write(() => command(ctx, request, { options, decider })),
    sweep: (taskNo, work) => write(() => sweep(ctx, taskNo, work)),
    // Asked in every round of the engine, and hardly ever is one there.
    settleDeleted: async (optionsOf, deciderOf) =>
      (await read(hasTombstones))
        ? write(() => settleDeleted(ctx, { optionsOf, deciderOf }))
        : { ...nothingSettled, done: true },
    listFailedRows: (taskNo, afterSeq, limit) => read(() => listFailedRows(ctx, { taskNo, afterSeq, limit })),
    listRows: (taskNo, afterSeq, limit) => read(() => listRows(ctx, { taskNo, afterSeq, limit })),
    list: (task, filter, page) => read(() => listDetails(ctx, { task, filter, page })),
    listOrdered: (query) => read(() => listOrdered(ctx, query)),
    listHistory: (taskNo, seq) => read(() => listHistory(taskNo, seq)),
    findGrant: (tokenHash, now) => read(() => findGrant(tokenHash, now)),
  };
}
