import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { Product } from '../../../domain/product.ts';
import { findProduct } from '../products/product-store.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { insertInitialShadows } from './initial-shadow.ts';

/** Where a device is, and where it goes. Whoever moves devices holds their rows. */
export interface Move {
  readonly deviceId: DeviceId;
  readonly appId: AppId;
  readonly nodeId: string;
  readonly from: ProductId;
  readonly to: ProductId;
}

/**
 * Devices come to other products of their applications (legacy 5.2). Their shadows stay, and get what the new product says of services that
 * are not in them. Those that cannot move, by their places: productNotFound, deviceExists (the node is taken there).
 */
export function* moveDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  moves: ReadonlyMap<number, Move>,
): Program<ReadonlyMap<number, Problem>> {
  const problems = new Map<number, Problem>();
  const real = new Map([...moves].filter(([, { from, to }]) => from !== to));
  if (real.size === 0) return problems;
  const products = yield* productsOf(ctx, projectId, [...real.values()]);
  const taken = yield* takenNodes(ctx, [...real.values()]);
  for (const [place, move] of real) {
    if (!products.has(productKey(move))) problems.set(place, new Problem('productNotFound', { field: 'productId' }));
    else if (taken.has(nodeKey(move))) problems.set(place, new Problem('deviceExists'));
    taken.add(nodeKey(move));
  }
  const good = [...real].flatMap(([place, move]) => (problems.has(place) ? [] : [move]));
  yield* write(ctx, good);
  const at = ctx.clock.now();
  yield* insertInitialShadows(
    ctx,
    good.flatMap((move) => {
      const product = products.get(productKey(move));
      return product === undefined ? [] : [{ deviceId: move.deviceId, product, desired: {}, at }];
    }),
  );
  return problems;
}

const productKey = ({ appId, to }: Move): string => `${appId}/${to}`;
const nodeKey = (move: Pick<Move, 'appId' | 'to' | 'nodeId'>): string => `${move.appId}/${move.to}/${move.nodeId}`;

/** One look for each: a set has few. */
function* productsOf(
  ctx: SqlContext,
  projectId: ProjectId,
  moves: readonly Move[],
): Program<ReadonlyMap<string, Product>> {
  const products = new Map<string, Product>();
  for (const [key, { appId, to }] of new Map(moves.map((move) => [productKey(move), move]))) {
    const product = yield* findProduct(ctx, { projectId, productId: to, appId });
    if (product !== undefined) products.set(key, product);
  }
  return products;
}

function* takenNodes({ dialect }: SqlContext, moves: readonly Move[]): Program<Set<string>> {
  const asked = dialect.rows(
    { app_id: 'text', product_id: 'text', node_id: 'text' },
    moves.map(({ appId, to, nodeId }) => [appId, to, nodeId]),
  );
  const rows = yield* all<{ app_id: string; product_id: string; node_id: string }>({
    sql: `SELECT d.app_id, d.product_id, d.node_id FROM ${asked.from} ${dialect.orderedJoin} devices d
      ON d.app_id = r.app_id AND d.product_id = r.product_id AND d.node_id = r.node_id`,
    parameters: asked.parameters,
  });
  return new Set(
    rows.map((row) =>
      nodeKey({ appId: asId<AppId>(row.app_id), to: asId<ProductId>(row.product_id), nodeId: row.node_id }),
    ),
  );
}

function* write({ dialect }: SqlContext, moves: readonly Move[]): Program<void> {
  const set = dialect.rows(
    { id: 'text', product_id: 'text' },
    moves.map(({ deviceId, to }) => [deviceId, to]),
  );
  yield* change({
    sql: `UPDATE devices SET product_id = r.product_id FROM ${set.from} WHERE devices.device_id = r.id`,
    parameters: set.parameters,
    keyChecks: moves.length,
  });
}
