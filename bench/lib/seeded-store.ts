import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AppId,
  DeviceId,
  GroupId,
  ProductId,
  ProjectId,
  RecordId,
  TaskId,
  UserId,
} from '../../packages/server/src/domain/ids.ts';
import { asId } from '../../packages/server/src/domain/ids.ts';
import type { NewTask } from '../../packages/server/src/domain/task.ts';
import type { Random } from '../../packages/server/src/ports/random.ts';
import type { Store } from '../../packages/server/src/ports/store/store.ts';
import { createSqliteStore } from '../../packages/server/src/store/sqlite/sqlite-store.ts';
import { createRealRandom } from '../../packages/server/src/system/real-random.ts';

const projectId = asId<ProjectId>('0'.repeat(32));
const appId = asId<AppId>('1'.repeat(32));
const productId = asId<ProductId>('bench');

/** v5 7: direct members of a static group. */
const groupSize = 20_000;
const seedStep = 2000;

export interface SeededStore {
  readonly store: Store;
  readonly random: Random;
  readonly path: string;
  readonly groupIds: readonly GroupId[];
  remove(): Promise<void>;
}

/** A store on disk, at the durability that production has, with `devices` direct devices in groups of 20,000. */
export async function openSeededStore(devices: number): Promise<SeededStore> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const random = createRealRandom(() => Date.now());
  const path = join(folder, 'muster.db');
  const plainBox = { seal: (clear: string) => clear, open: (sealed: string) => sealed };
  const store = createSqliteStore({ path, durability: 'full', box: plainBox, random });
  await store.start();
  await insertProduct(store, random);
  const groupIds: GroupId[] = [];
  for (let from = 0; from < devices; from += groupSize) {
    groupIds.push(await seedGroup(store, random, { from, to: Math.min(devices, from + groupSize) }));
  }
  return {
    store,
    random,
    path,
    groupIds,
    remove: async () => {
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const deviceIdAt = (index: number): DeviceId => asId<DeviceId>(`bench_${String(index).padStart(8, '0')}`);

async function insertProduct(store: Store, random: Random): Promise<void> {
  const recordId = (): RecordId => asId<RecordId>(random.orderedId());
  const createdAt = Date.now();
  const userId = asId<UserId>('bench');
  await store.accounts.insertFirst({
    user: { recordId: recordId(), userId, name: 'bench', domain: 'bench', passwordHash: '', createdAt },
    project: { recordId: recordId(), projectId, name: 'bench', domain: 'bench', createdAt },
    defaultApp: { recordId: recordId(), appId, projectId, name: 'DefaultApp', isDefault: true, createdAt },
    accessKey: { recordId: recordId(), accessKey: 'bench', secretKey: 'bench', userId, projectId, createdAt },
  });
  const product = { projectId, appId, productId, name: 'bench', deviceType: 'bench', createdAt, recordId: recordId() };
  await store.products.insert({ ...product, protocolType: 'MQTT', dataFormat: 'json', capabilities: [] }, 10);
}

async function seedGroup(store: Store, random: Random, range: { from: number; to: number }): Promise<GroupId> {
  const groupId = asId<GroupId>(random.uuid());
  const createdAt = Date.now();
  const recordId = asId<RecordId>(random.orderedId());
  const names = { name: `group_${range.from}`, description: undefined, superGroupId: undefined };
  await store.groups.insert({ recordId, groupId, projectId, appId, ...names, createdAt, modifiedAt: createdAt });
  for (let from = range.from; from < range.to; from += seedStep) {
    const count = Math.min(seedStep, range.to - from);
    const ids = Array.from({ length: count }, (_, index) => deviceIdAt(from + index));
    await store.devices.insertMany(ids.map((deviceId) => deviceOf(random, deviceId, createdAt)));
    await store.groups.addMembers(projectId, groupId, ids);
  }
  return groupId;
}

function deviceOf(random: Random, deviceId: DeviceId, createdAt: number) {
  return {
    recordId: asId<RecordId>(random.orderedId()),
    deviceId,
    projectId,
    appId,
    productId,
    nodeId: deviceId,
    name: undefined,
    description: undefined,
    parentId: undefined,
    auth: { authType: 'SECRET', secret: '0123456789abcdef', secureAccess: false, timeoutSeconds: 0 },
    extensionInfo: undefined,
    desired: {},
    createdAt,
  } as const;
}

/** A task on all groups, as the service would store it. */
export function groupTask(seeded: SeededStore, type: NewTask['type'], groups = seeded.groupIds): NewTask {
  return {
    taskId: asId<TaskId>(seeded.random.orderedId()),
    projectId,
    appId,
    name: 'bench',
    type,
    document: undefined,
    source: { kind: 'groups', groupIds: groups },
    echo: {},
    gatewayMode: false,
    needConfirm: false,
    extInfo: undefined,
    policy: { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' },
    createdAt: Date.now(),
  };
}
