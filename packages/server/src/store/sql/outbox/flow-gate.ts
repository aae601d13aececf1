import { grantable, type Meter, nextGrantAt, spend } from '../../../domain/flow-control.ts';
import { type ActionId, asId } from '../../../domain/ids.ts';
import type { ClaimOptions } from '../../../ports/store/push-store.ts';
import { insertRows } from '../insert-rows.ts';
import { freeRows, lockedRows } from '../locks.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** What of action `a` a policy names by its scope. */
const scopeValue = `CASE f.scope WHEN 'USER' THEN '' WHEN 'CHANNEL' THEN a.channel WHEN 'RULE' THEN a.rule_id ELSE a.action_id END`;
const isOfAction = `f.project_id = a.project_id AND f.scope_value = ${scopeValue}`;

/** A condition on `rule_actions a`. */
export const hasFlowPolicy = `EXISTS (SELECT 1 FROM flow_policies f WHERE ${isOfAction})`;

/** Actions that one claim serves; the next claim serves others first. */
const actionsMax = 64;
/** Two looks at an action are never closer: a limit of 1000 lets 50 through in that time. */
const lookMs = 50;
/** A receiver that is slower than its limits gets no more than it takes. */
const busyMs = 100;

/** Something of these actions waits for flow control from now on. */
export function* holdBehindFlow(ctx: SqlContext, now: number, actionIds: readonly string[]): Program<void> {
  yield* insertRows(ctx, {
    into: 'action_deliveries',
    columns: { action_id: 'text', since: 'int', flow_at: 'int' },
    // Sorted, so that two claims wait for each other's rows in one order.
    rows: actionIds.toSorted().map((actionId) => [actionId, now, now]),
    // Every action has its row but for those that an older version made.
    tail: `ON CONFLICT (action_id) DO UPDATE SET flow_at = coalesce(action_deliveries.flow_at, excluded.flow_at)`,
  });
}

interface PolicyMeter extends Meter {
  readonly policyId: string;
  /** Actions behind it that were not served yet: what it has is shared out among them. */
  waiting: number;
}

interface MeterRow {
  readonly action_id: string;
  readonly policy_id: string;
  readonly per_second: number;
  readonly spent_until: number;
}

/**
 * Leases as many of what waits behind flow control as every policy of its action allows, and returns their numbers. The meters are rows,
 * so all nodes together keep a limit; whoever waits longest is served first, and actions under one policy share what it has.
 */
export function* letThrough(ctx: SqlContext, now: number, options: ClaimOptions): Program<readonly number[]> {
  const waiting = yield* all<{ action_id: string }>({
    sql: `SELECT action_id FROM action_deliveries WHERE flow_at <= ? ORDER BY served_at, action_id LIMIT ${actionsMax}
      ${freeRows(ctx, 'action_deliveries')}`,
    parameters: [now],
  });
  if (waiting.length === 0) return [];
  const gate = createGate(yield* readMeters(ctx, waiting), now, options.limit);
  const nos: number[] = [];
  const looks: (readonly [string, number, number])[] = [];
  for (const { action_id: actionId } of waiting) {
    const isBusy = options.isBusy?.(asId<ActionId>(actionId)) === true;
    const taken = yield* takeHeld(ctx, actionId, isBusy ? 0 : gate.share(actionId));
    nos.push(...taken);
    looks.push([actionId, isBusy ? now + busyMs : gate.spend(actionId, taken.length), taken.length > 0 ? now : -1]);
  }
  yield* lease(ctx, nos, options.leaseUntil);
  yield* writeMeters(ctx, gate.spent());
  yield* setLooks(ctx, looks);
  return nos;
}

function* readMeters(
  ctx: SqlContext,
  waiting: readonly { readonly action_id: string }[],
): Program<readonly MeterRow[]> {
  const asked = ctx.dialect.rows(
    { action_id: 'text' },
    waiting.map(({ action_id }) => [action_id]),
  );
  return yield* all<MeterRow>({
    sql: `SELECT a.action_id, f.policy_id, f.per_second, f.spent_until
      FROM ${asked.from} ${ctx.dialect.orderedJoin} rule_actions a ON a.action_id = r.action_id
      JOIN flow_policies f ON ${isOfAction} ORDER BY f.policy_id ${lockedRows(ctx, 'f')}`,
    parameters: asked.parameters,
  });
}

/** The meters of one claim, as they fill up. */
function createGate(rows: readonly MeterRow[], now: number, limit: number) {
  const meters = new Map<string, PolicyMeter>();
  const ofAction = new Map<string, string[]>();
  for (const { action_id, policy_id, per_second, spent_until } of rows) {
    const known = meters.get(policy_id);
    const meter = known ?? { policyId: policy_id, perSecond: per_second, spentUntilUs: spent_until, waiting: 0 };
    meters.set(policy_id, { ...meter, waiting: meter.waiting + 1 });
    ofAction.set(action_id, [...(ofAction.get(action_id) ?? []), policy_id]);
  }
  const metersOf = (actionId: string): readonly PolicyMeter[] =>
    (ofAction.get(actionId) ?? []).flatMap((policyId) => meters.get(policyId) ?? []);
  return {
    /** How many of the action's may go. Without a policy, which has just been deleted, all. */
    share: (actionId: string): number =>
      Math.min(limit, ...metersOf(actionId).map((meter) => Math.ceil(grantable(meter, now) / meter.waiting))),
    /** So many have gone; returns when to look at the action again. */
    spend: (actionId: string, count: number): number => {
      const after = metersOf(actionId).map((meter) => spend({ ...meter, waiting: meter.waiting - 1 }, now, count));
      for (const meter of after) meters.set(meter.policyId, meter);
      return after.length === 0 ? now : Math.max(now + lookMs, ...after.map((meter) => nextGrantAt(meter)));
    },
    spent: (): readonly PolicyMeter[] => [...meters.values()],
  };
}

function* takeHeld(ctx: SqlContext, actionId: string, limit: number): Program<readonly number[]> {
  if (limit === 0) return [];
  const rows = yield* all<{ no: number }>({
    sql: `SELECT no FROM outbox WHERE action_id = ? AND hold = 'flow' ORDER BY no LIMIT ? ${freeRows(ctx, 'outbox')}`,
    parameters: [actionId, limit],
  });
  return rows.map(({ no }) => no);
}

function* lease({ dialect }: SqlContext, nos: readonly number[], leaseUntil: number): Program<void> {
  if (nos.length === 0) return;
  const set = dialect.rows(
    { no: 'int' },
    nos.map((no) => [no]),
  );
  yield* change({
    sql: `UPDATE outbox SET next_at = ?, hold = 'lease' FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: [leaseUntil, ...set.parameters],
  });
}

function* writeMeters({ dialect }: SqlContext, meters: readonly PolicyMeter[]): Program<void> {
  const set = dialect.rows(
    { policy_id: 'text', spent_until: 'int' },
    meters.map(({ policyId, spentUntilUs }) => [policyId, spentUntilUs]),
  );
  yield* change({
    sql: `UPDATE flow_policies SET spent_until = r.spent_until FROM ${set.from} WHERE flow_policies.policy_id = r.policy_id`,
    parameters: set.parameters,
  });
}

/** When each is looked at again, and that it was served; an action that nothing is held for is not looked at any more. */
function* setLooks(
  { dialect }: SqlContext,
  looks: readonly (readonly [actionId: string, flowAt: number, servedAt: number])[],
): Program<void> {
  const set = dialect.rows({ action_id: 'text', flow_at: 'int', served_at: 'int' }, looks);
  yield* change({
    sql: `UPDATE action_deliveries SET served_at = CASE WHEN r.served_at < 0 THEN action_deliveries.served_at ELSE r.served_at END,
        flow_at = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.action_id = action_deliveries.action_id AND o.hold = 'flow')
          THEN r.flow_at END
      FROM ${set.from} WHERE action_deliveries.action_id = r.action_id`,
    parameters: set.parameters,
  });
}
