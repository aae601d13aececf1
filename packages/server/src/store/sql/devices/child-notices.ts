import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { noticeDownlinks, type SubDevicesNotice } from '../../../domain/sub-device-notice.ts';
import type { SentDownlink } from '../../../ports/store/message-store.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export interface ToldChild {
  /** Whose list has changed. */
  readonly rootId: DeviceId;
  /** Asked for only where the gateway is told. */
  info(): JsonObject;
}

export interface ChildListChanges {
  readonly kind: SubDevicesNotice['kind'];
  /** In the order of their changes. */
  readonly children: readonly ToldChild[];
  /** The last version of each list, by root. */
  readonly versions: ReadonlyMap<string, number>;
}

/** device 9: what the connected ones of the gateways are told of these changes. Who is away asks for its list when it comes back. */
export function* noticesOf(
  ctx: SqlContext,
  { kind, children, versions }: ChildListChanges,
): Program<readonly SentDownlink[]> {
  if (children.length === 0) return [];
  const byRoot = Map.groupBy(children, ({ rootId }) => rootId);
  const nodes = yield* nodesOf(ctx, [...byRoot.keys()]);
  return nodes.flatMap(({ id, node }) => {
    const gatewayId = asId<DeviceId>(id);
    const devices = (byRoot.get(gatewayId) ?? []).map((child) => child.info());
    const notice = { kind, gatewayId, version: versions.get(id) ?? 0, devices };
    return noticeDownlinks(notice).map((downlink) => ({ node, downlink, inOrder: true }));
  });
}

/** Of those that are connected. */
function* nodesOf(
  { dialect }: SqlContext,
  rootIds: readonly DeviceId[],
): Program<readonly { readonly id: string; readonly node: string }[]> {
  const asked = dialect.rows(
    { id: 'text' },
    rootIds.map((rootId) => [rootId]),
  );
  return yield* all<{ id: string; node: string }>({
    sql: `SELECT r.id, s.node FROM ${asked.from}
      ${dialect.orderedJoin} sessions s ON s.device_id = r.id AND s.ended_at IS NULL`,
    parameters: asked.parameters,
  });
}
