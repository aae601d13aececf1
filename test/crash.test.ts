import { setTimeout as pause } from 'node:timers/promises';
import { isFinalTaskStatus, type BatchTask, type TaskDetail, type V5Client } from '@muster/sdk';
import type { Fleet, FleetEvents } from '@muster/simulator';
import { expect, it, onTestFinished } from 'vitest';
import { accountFor } from '../scripts/demo/accounting.ts';
import { type FleetPlan, planFleet } from '../scripts/demo/fleet-plan.ts';
import { createProduct, forwardTaskUpdates, uploadFirmware } from '../scripts/demo/preparation.ts';
import { type Receiver, startReceiver } from '../scripts/demo/receiver.ts';
import { createRandom, type Random } from '../packages/simulator/src/random.ts';
import { connectFleet, crashShares, registerFleet } from './support/crash-fleet.ts';
import { type DatabaseSnapshot, readDatabase } from './support/database-snapshot.ts';
import { watchFinished } from './support/finished-looks.ts';
import { createInstallation, type Installation } from './support/installation.ts';

/** CRASH_SEED=n plays other moments. */
const seed = Number(process.env.CRASH_SEED ?? 20_261_122);
const deviceCount = 2000;
const offersMax = 5;
/** One retry, so two attempts. */
const attemptsMax = 2;
const upgradeSettings = {
  MUSTER_BATCH_RETRY_MINUTE_SECONDS: '2',
  MUSTER_OTA_VERSION_TIMEOUT_SECONDS: '20',
  MUSTER_OTA_MISMATCH_GRACE_SECONDS: '2',
  MUSTER_OTA_OFFERS_MAX: String(offersMax),
};

/** When the plug is pulled after the first two times: this many of these things after the fleet has begun to come back. */
const moments: readonly { readonly event: keyof FleetEvents; readonly from: number; readonly to: number }[] = [
  { event: 'versionQuery', from: 20, to: 400 },
  { event: 'offer', from: 20, to: 400 },
  { event: 'downloaded', from: 10, to: 200 },
  { event: 'connected', from: 200, to: 1500 },
  { event: 'versionQuery', from: 200, to: 800 },
  { event: 'upgraded', from: 1, to: 150 },
  { event: 'offer', from: 50, to: 300 },
  { event: 'upgraded', from: 1, to: 150 },
];
/** A moment that does not come is pulled all the same: then the fleet had nothing left to do. */
const momentMaxMs = 15_000;

async function nextMoment(fleet: Fleet, event: keyof FleetEvents, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const listen = (): void => {
    seen += 1;
    if (seen >= count) resolve();
  };
  fleet.events.on(event, listen);
  const giveUp = setTimeout(resolve, momentMaxMs);
  await promise;
  clearTimeout(giveUp);
  fleet.events.off(event, listen);
}

const between = (random: Random, from: number, to: number): number => from + Math.floor(random() * (to - from));

function expectCountersToAgree(snapshot: DatabaseSnapshot): void {
  expect(snapshot.counters).toEqual(snapshot.counted);
  const sum = Object.values(snapshot.counters).reduce((all, one) => all + one, 0);
  expect(sum).toBe(snapshot.total);
}

/** Whatever was finished at the earlier crash is the same at the later one; history may only have grown at its end. */
function expectFinishedToStay(earlier: DatabaseSnapshot, later: DatabaseSnapshot): void {
  const changed = [...earlier.finished].filter(([target, before]) => {
    const after = later.finished.get(target);
    const grown = after !== undefined && before.history.every((entry, index) => after.history[index] === entry);
    return !grown || after.row !== before.row;
  });
  expect(changed).toEqual([]);
}

async function crashAndRestart(installation: Installation, earlier: DatabaseSnapshot[]): Promise<void> {
  await installation.kill();
  const snapshot = await readDatabase(installation.dataDir);
  if (snapshot !== undefined) {
    expectCountersToAgree(snapshot);
    for (const before of earlier.slice(-1)) expectFinishedToStay(before, snapshot);
    earlier.push(snapshot);
  }
  await installation.start();
}

interface Stage {
  readonly installation: Installation;
  readonly client: V5Client;
  readonly plan: FleetPlan;
  readonly packageId: string;
  readonly fleet: Fleet;
  readonly receiver: Receiver;
}

async function setStage(): Promise<Stage> {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.stop());
  const installation = await createInstallation(upgradeSettings);
  await installation.start();
  const client = await installation.client();
  const productId = await createProduct(client);
  await forwardTaskUpdates(client, receiver.url);
  const plan = planFleet(await registerFleet(client, productId, deviceCount), crashShares, seed);
  const packageId = await uploadFirmware(client, productId);
  const fleet = await connectFleet(installation, plan.devices, seed);
  return { installation, client, plan, packageId, fleet, receiver };
}

/** Creates the task; the first plug is pulled while the call is under way, the second in set-up or dispatch. */
async function createTaskThroughCrashes(
  stage: Stage,
  random: Random,
  snapshots: DatabaseSnapshot[],
): Promise<BatchTask> {
  const { client, installation, plan, packageId } = stage;
  const body = {
    task_name: 'crashes',
    task_type: 'firmwareUpgrade' as const,
    targets: plan.devices.map((device) => device.deviceId),
    document: { package_id: packageId },
    task_policy: { retry_count: 1, retry_interval: 1 },
  };
  const create = () => client.batchTasks.create(body, { idempotencyKey: 'crashes' });
  const cut = create().catch(() => undefined);
  await pause(random() * 60);
  await crashAndRestart(installation, snapshots);
  await cut;
  const task = await create();
  await pause(random() * 300);
  await crashAndRestart(installation, snapshots);
  return task;
}

function expectOffersWithinBounds({ plan, fleet }: Stage, last: DatabaseSnapshot): void {
  const excess = plan.devices.filter(({ deviceId }) => {
    const attempts = last.finished.get(deviceId)?.attempt ?? 0;
    return attempts > attemptsMax || (fleet.device(deviceId)?.offers ?? 0) > offersMax * attempts;
  });
  expect(excess).toEqual([]);
}

const statusesOf = (receiver: Receiver, taskId: string): readonly string[] =>
  receiver.arrivals.filter((arrival) => arrival.taskId === taskId).map(({ status }) => status);

/** At least once, in order: a repeat may follow its first arrival, but nothing older may come after something newer. */
async function expectNotifications(receiver: Receiver, taskId: string, wanted: readonly string[]): Promise<void> {
  await expect.poll(() => statusesOf(receiver, taskId).at(-1), { timeout: 30_000 }).toBe(wanted.at(-1));
  const arrived = statusesOf(receiver, taskId);
  expect(arrived.filter((status, index) => status !== arrived[index - 1])).toEqual(wanted);
}

const countOf = (details: readonly TaskDetail[], status: string): number =>
  details.filter((detail) => detail.status === status).length;

it(`An upgrade of 2,000 devices loses nothing and doubles nothing when the server is killed ten times [device 54] (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  const stage = await setStage();
  const { installation, client, fleet, plan } = stage;
  const random = createRandom(seed);
  const snapshots: DatabaseSnapshot[] = [];
  const { task_id: taskId } = await createTaskThroughCrashes(stage, random, snapshots);
  const looks = watchFinished(client, taskId);
  for (const { event, from, to } of moments) {
    await nextMoment(fleet, event, between(random, from, to));
    await crashAndRestart(installation, snapshots);
  }

  const task = await client.waitForTask(taskId, { signal: AbortSignal.timeout(300_000) });
  const details = await looks.finish();
  const account = await accountFor(client, task, { plan, part: 'upgrade' });
  expect(account.surprises).toEqual([]);
  expect(task).toMatchObject({ status: 'PartialSuccess', task_progress: { total: deviceCount } });
  const { success, fail } = task.task_progress;
  expect({ success, fail }).toEqual({ success: countOf(details, 'Success'), fail: countOf(details, 'Fail') });
  expect(looks.changes).toEqual([]);

  const { batchtasks } = await client.batchTasks.list({ limit: 50 });
  expect(batchtasks.map((listed) => listed.task_id)).toEqual([taskId]);
  await expectNotifications(stage.receiver, taskId, ['Waitting', 'Processing', 'PartialSuccess']);
  expect(await installation.stop()).toBe(0);
  const last = await readDatabase(installation.dataDir, taskId);
  expect(last?.finished.size).toBe(deviceCount);
  if (last === undefined) return;
  expectCountersToAgree(last);
  for (const snapshot of snapshots) expectFinishedToStay(snapshot, last);
  expectOffersWithinBounds(stage, last);
});

it('A command in flight at a crash times out and is not sent again, one that was answered stays answered', {
  timeout: 180_000,
}, async () => {
  const installation = await createInstallation({ MUSTER_COMMAND_TIMEOUT_SECONDS: '10' });
  await installation.start();
  const client = await installation.client();
  const registered = await registerFleet(client, await createProduct(client), 200);
  const answering = new Set(registered.slice(0, 100).map((device) => device.deviceId));
  const devices = registered.map((device) => ({
    ...device,
    behaviour: { command: answering.has(device.deviceId) ? { kind: 'answer' as const } : { kind: 'silent' as const } },
  }));
  const fleet = await connectFleet(installation, devices, seed);
  const { task_id: taskId } = await client.batchTasks.create({
    task_name: 'commands',
    task_type: 'createCommands',
    targets: devices.map((device) => device.deviceId),
    document: { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } },
  });
  const looks = watchFinished(client, taskId);
  const progress = async () => (await client.batchTasks.show(taskId, { limit: 1 })).batchtask.task_progress;
  await expect.poll(async () => (await progress()).success, { timeout: 60_000 }).toBe(100);
  const snapshots: DatabaseSnapshot[] = [];
  await crashAndRestart(installation, snapshots);
  await client.waitForTask(taskId, { signal: AbortSignal.timeout(90_000) });

  const details = await looks.finish();
  expect(looks.changes).toEqual([]);
  for (const { target, status, error } of details) {
    const wanted = answering.has(target) ? ['Success', undefined] : ['Fail', 'IOTDA.014111'];
    expect([target, status, error?.error_code]).toEqual([target, ...wanted]);
  }
  await expect.poll(() => fleet.statistics.connected, { timeout: 30_000 }).toBe(200);
  expect(fleet.statistics.commands).toBe(200);
});

it('A message reaches every device at least once when the server is killed while it sends', {
  timeout: 180_000,
}, async () => {
  const installation = await createInstallation();
  await installation.start();
  const client = await installation.client();
  const devices = await registerFleet(client, await createProduct(client), 500);
  const fleet = await connectFleet(installation, devices, seed);
  const reached = new Set<string>();
  fleet.events.on('message', ({ deviceId }) => reached.add(deviceId));
  const created = client.batchTasks.create({
    task_name: 'messages',
    task_type: 'createMessages',
    targets: devices.map((device) => device.deviceId),
    document: { message: 'hello' },
  });
  const firstMessages = nextMoment(fleet, 'message', 20);
  const { task_id: taskId } = await created;
  await firstMessages;
  const snapshots: DatabaseSnapshot[] = [];
  await crashAndRestart(installation, snapshots);
  const task = await client.waitForTask(taskId, { signal: AbortSignal.timeout(120_000) });
  expect(isFinalTaskStatus(task.status)).toBe(true);
  expect(task.task_progress).toMatchObject({ total: 500, success: 500 });
  expect(reached.size).toBe(500);
});
