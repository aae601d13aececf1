import type { NewDevice } from '../../../domain/device.ts';
import { asId, type DeviceId, type GroupId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ProductTraits } from '../../../domain/product.ts';
import { insertDeviceSet } from '../devices/insert-device.ts';
import { addAll } from '../groups/whole-sets.ts';
import { traitColumns } from '../products/trait-columns.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { EffectProgram } from './apply-effects.ts';

type Creations = Parameters<EffectProgram<'createDevice'>>[2];

/** Conflict: what `insertDevice` throws for a single one. */
export const createDevices: EffectProgram<'createDevice'> = function* (ctx, projectId, effects) {
  const devices = yield* withProducts(ctx, effects);
  const { problems, sent } = yield* insertDeviceSet(ctx, projectId, devices);
  yield* joinGroups(
    ctx,
    projectId,
    devices.flatMap((device, index): readonly Joining[] => {
      const groupId = effects[index]?.groupId;
      return groupId === undefined || problems.has(index) ? [] : [{ device, groupId }];
    }),
  );
  const outputs = new Map<number, JsonObject>();
  effects.forEach(({ traits }, index) => {
    if (traits !== undefined) outputs.set(index, { device_id: devices[index]?.deviceId ?? '' });
  });
  return { conflicts: [...problems.keys()], problems, sent, outputs };
};

interface Joining {
  readonly device: NewDevice;
  readonly groupId: GroupId;
}

function* joinGroups(ctx: SqlContext, projectId: ProjectId, joining: readonly Joining[]): Program<void> {
  for (const { device, groupId } of joining) {
    yield* addAll(ctx, { projectId, groupId }, { deviceIds: [device.deviceId], appId: device.appId });
  }
}

/** Where a device's product goes by traits. One look for each kind of product: a set has few. None has them: no product has an empty id. */
function* withProducts(ctx: SqlContext, effects: Creations): Program<readonly NewDevice[]> {
  const found = new Map<string, ProductId>();
  const devices: NewDevice[] = [];
  for (const { device, traits } of effects) {
    if (traits === undefined) {
      devices.push(device);
      continue;
    }
    const key = `${device.appId} ${JSON.stringify(traits)}`;
    const productId = found.get(key) ?? (yield* productWith(ctx, device, traits));
    found.set(key, productId);
    devices.push({ ...device, productId, deviceId: idOf(device, productId) });
  }
  return devices;
}

const idOf = ({ deviceId, nodeId }: NewDevice, productId: ProductId): DeviceId =>
  deviceId === '' ? asId<DeviceId>(`${productId}_${nodeId}`) : deviceId;

function* productWith({ db }: SqlContext, { appId }: NewDevice, traits: Partial<ProductTraits>): Program<ProductId> {
  let query = db.selectFrom('product_traits').select('product_id').where('app_id', '=', appId);
  for (const [column, value] of traitColumns(traits)) query = query.where(column, '=', value);
  const row = yield* first(query.orderBy('record_id').limit(1));
  return asId<ProductId>(row?.product_id ?? '');
}
