import type { Effect, EffectKind, EffectOf } from '../../../domain/effect.ts';
import type { ProjectId } from '../../../domain/ids.ts';
import type { Problem } from '../../../domain/problem.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { AppliedEffects } from '../../../ports/store/message-store.ts';
import { announceClosed, postInOrder } from '../nodes/letters.ts';
import type { Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { freezeDevices, unfreezeDevices } from './freeze-device.ts';
import { createDevices } from './create-device.ts';
import { deleteDevices } from './delete-device.ts';
import { updateDevices } from './update-device.ts';
import { grantDownloads } from './grant-download.ts';
import { insertCommands } from './insert-command.ts';
import { insertMessages } from './insert-message.ts';
import { recordHistory } from './record-history.ts';
import { reportVersions } from './report-versions.ts';
import { setDesired } from './set-desired.ts';
import { settleCommands } from './settle-command.ts';
import { settleMessages } from './settle-message.ts';
import { withdrawCommands } from './withdraw-command.ts';

/** What a set of effects of one kind did. `conflicts` are positions in the set. */
export interface EffectOutcome {
  readonly conflicts?: readonly number[];
  /** What a conflict means where it is not the usual one of its kind, by position. */
  readonly problems?: ReadonlyMap<number, Problem>;
  /** Joins the output of the effect's run, by position. */
  readonly outputs?: ReadonlyMap<number, JsonObject>;
  readonly closed?: AppliedEffects['closed'];
  readonly deleted?: AppliedEffects['deleted'];
  readonly displaced?: AppliedEffects['displaced'];
  readonly sent?: AppliedEffects['sent'];
}

/** Applies a set of effects of one kind. */
export type EffectProgram<Kind extends EffectKind> = (
  ctx: SqlContext,
  projectId: ProjectId,
  effects: readonly EffectOf<Kind>[],
) => Program<EffectOutcome>;

const programs: { readonly [Kind in EffectKind]: EffectProgram<Kind> } = {
  freezeDevice: freezeDevices,
  unfreezeDevice: unfreezeDevices,
  createDevice: createDevices,
  updateDevice: updateDevices,
  deleteDevice: deleteDevices,
  reportVersions,
  insertMessage: insertMessages,
  settleMessage: settleMessages,
  setDesired,
  insertCommand: insertCommands,
  settleCommand: settleCommands,
  withdrawCommand: withdrawCommands,
  grantDownload: grantDownloads,
  recordHistory,
};

/** Effects of a kind are one set, whatever order they came in: no two effects of a chunk touch the same thing in two kinds. */
export function* applyEffects(
  ctx: SqlContext,
  projectId: ProjectId,
  effects: readonly Effect[],
): Program<AppliedEffects> {
  const kinds = new Map<EffectKind, number[]>();
  effects.forEach((effect, index) => {
    const known = kinds.get(effect.kind);
    if (known === undefined) kinds.set(effect.kind, [index]);
    else known.push(index);
  });
  const sum = {
    conflicts: [] as number[],
    problems: new Map<number, Problem>(),
    outputs: new Map<number, JsonObject>(),
    closed: [] as AppliedEffects['closed'][number][],
    deleted: [] as AppliedEffects['deleted'][number][],
    displaced: [] as AppliedEffects['displaced'][number][],
    sent: [] as AppliedEffects['sent'][number][],
  };
  for (const [kind, indexes] of kinds) {
    const apply = programs[kind] as EffectProgram<EffectKind>;
    const outcome = yield* apply(
      ctx,
      projectId,
      indexes.map((index) => effects[index] as Effect),
    );
    for (const position of outcome.conflicts ?? []) sum.conflicts.push(indexes[position] as number);
    for (const [position, problem] of outcome.problems ?? []) sum.problems.set(indexes[position] as number, problem);
    for (const [position, output] of outcome.outputs ?? []) sum.outputs.set(indexes[position] as number, output);
    sum.closed.push(...(outcome.closed ?? []));
    sum.deleted.push(...(outcome.deleted ?? []));
    sum.displaced.push(...(outcome.displaced ?? []));
    sum.sent.push(...(outcome.sent ?? []));
  }
  yield* announceClosed(ctx, sum.closed, 'frozen');
  yield* announceClosed(ctx, sum.deleted, 'deleted');
  return { ...sum, ...(yield* postInOrder(ctx, sum.sent)) };
}
