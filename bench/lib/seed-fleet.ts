import {
  asId,
  type DeviceId,
  type GroupId,
  type RecordId,
  type TaskId,
  type UserId,
} from '../../packages/server/src/domain/ids.ts';
import type { NewTask } from '../../packages/server/src/domain/task.ts';
import type { Store } from '../../packages/server/src/ports/store/store.ts';
import { createRealRandom } from '../../packages/server/src/system/real-random.ts';
import { note } from './bench.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation } from './installation.ts';

const { projectId, appId, productId } = installation;

/** v5 7: direct members of a static group. */
const groupSize = 20_000;
const seedStep = 2000;

export interface SeededFleet {
  readonly deviceIds: readonly DeviceId[];
  /** Of 20,000 devices each, in the order of the devices; the last may have fewer. */
  readonly groupIds: readonly GroupId[];
}

const random = createRealRandom(() => Date.now());

/** An account, a product and so many direct devices in groups, through Muster's store, which is closed again. */
export async function seedFleet(database: BenchDatabase, devices: number): Promise<SeededFleet> {
  if (devices > 0) note(`seeding ${devices} devices`);
  const deviceIds = Array.from({ length: devices }, (_, index) => deviceIdAt(index));
  const groupIds: GroupId[] = [];
  const store = database.createStore();
  await store.start();
  try {
    await insertProduct(store);
    for (let from = 0; from < devices; from += groupSize)
      groupIds.push(await seedGroup(store, `group_${from}`, deviceIds.slice(from, from + groupSize)));
  } finally {
    await store.stop();
  }
  await database.rest();
  return { deviceIds, groupIds };
}

const deviceIdAt = (index: number): DeviceId => asId<DeviceId>(`bench_${String(index).padStart(8, '0')}`);
const recordId = (): RecordId => asId<RecordId>(random.orderedId());

async function insertProduct(store: Store): Promise<void> {
  const createdAt = Date.now();
  const userId = asId<UserId>('bench');
  const { accessKey, secretKey } = installation;
  await store.accounts.insertFirst({
    user: { recordId: recordId(), userId, name: 'bench', domain: 'bench', passwordHash: '', createdAt },
    project: { recordId: recordId(), projectId, name: 'bench', domain: 'bench', createdAt },
    defaultApp: { recordId: recordId(), appId, projectId, name: 'DefaultApp', isDefault: true, createdAt },
    accessKey: { recordId: recordId(), accessKey, secretKey, userId, projectId, createdAt },
  });
  const product = { projectId, appId, productId, name: 'bench', deviceType: 'bench', createdAt, recordId: recordId() };
  await store.products.insert({ ...product, protocolType: 'MQTT', dataFormat: 'json', capabilities: [] }, 10);
}

async function seedGroup(store: Store, name: string, members: readonly DeviceId[]): Promise<GroupId> {
  const groupId = asId<GroupId>(random.uuid());
  const createdAt = Date.now();
  const bare = {
    name,
    description: undefined,
    superGroupId: undefined,
    rule: undefined,
    maxDevices: 0,
    creator: undefined,
    createdAt,
    modifiedAt: createdAt,
  };
  await store.groups.insert({ recordId: recordId(), groupId, projectId, appId, ...bare });
  for (let from = 0; from < members.length; from += seedStep) {
    const step = members.slice(from, from + seedStep);
    await store.devices.insertMany(step.map((deviceId) => deviceOf(deviceId, createdAt)));
    await store.groups.addMembers(projectId, groupId, step);
  }
  return groupId;
}

function deviceOf(deviceId: DeviceId, createdAt: number) {
  return {
    recordId: recordId(),
    deviceId,
    projectId,
    appId,
    productId,
    nodeId: deviceId,
    name: undefined,
    description: undefined,
    parentId: undefined,
    auth: { authType: 'SECRET', secret: installation.deviceSecret, secureAccess: false, timeoutSeconds: 0 },
    extensionInfo: undefined,
    desired: {},
    createdAt,
  } as const;
}

/** A task on these groups, as the service would store it. */
export function groupTask(groupIds: readonly GroupId[], type: NewTask['type']): NewTask {
  return {
    taskId: asId<TaskId>(random.orderedId()),
    projectId,
    appId,
    name: 'bench',
    type,
    document: undefined,
    source: { kind: 'groups', groupIds },
    echo: {},
    gatewayMode: false,
    needConfirm: false,
    extInfo: undefined,
    policy: { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' },
    createdAt: Date.now(),
  };
}
