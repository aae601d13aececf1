import { createLegacyClient, type LegacyClient } from '@muster/sdk/legacy';
import { trustingFetch } from '../lib/trusting-fetch.ts';
import { demoCommand, type DemoApplication } from './application.ts';
import type { DemoServer } from './demo-server.ts';
import type { Display, Progress } from './display.ts';
import type { FleetPlan } from './fleet-plan.ts';
import { accountForBatch, accountForOperation, type LegacyTask, type Operation } from './legacy-accounting.ts';
import { awaitLegacyPushes } from './legacy-pushes.ts';
import { type LegacyReceiver, startLegacyReceiver } from './legacy-receiver.ts';
import type { TaskAccount } from './task-account.ts';

export interface LegacyApplicationParts {
  readonly server: DemoServer;
  readonly display: Display;
}

interface Parts {
  readonly client: LegacyClient;
  readonly display: Display;
  readonly receiver: LegacyReceiver;
}

/** An application of the legacy generation: the same job over HTTPS, by an operation and a batch task. */
export async function createLegacyApplication({ server, display }: LegacyApplicationParts): Promise<DemoApplication> {
  const { addresses, certificate, legacy } = server;
  if (addresses.https === null || certificate === undefined) throw new Error('The server speaks no HTTPS.');
  const client = createLegacyClient({ endpoint: addresses.https, ...legacy, fetch: trustingFetch(certificate) });
  const receiver = await startLegacyReceiver();
  const parts = { client, display, receiver };
  return {
    subscribe: () => subscribe(parts),
    upgrade: (plan, packageId) => upgrade(parts, plan, packageId),
    command: (plan) => command(parts, plan),
    awaitPushes: (plan, [operation]) => awaitLegacyPushes({ receiver, plan, operationId: operation?.task.id ?? '' }),
    get pushes() {
      return receiver.count;
    },
    stop: () => receiver.stop(),
  };
}

async function subscribe({ client, receiver }: Parts): Promise<void> {
  for (const notifyType of ['fwUpgradeResultNotify', 'fwUpgradeStateChangeNotify'] as const) {
    await client.subscriptions.put({ notifyType, callbackurl: receiver.noticesUrl });
  }
}

const polling = { pollMs: 500 };

/** In groups: a list of devices has 256 at most. */
async function upgrade({ client, display }: Parts, plan: FleetPlan, packageId: string): Promise<TaskAccount> {
  const { deviceType, model, manufacturerName } = await client.packages.get(packageId);
  const deviceGroups = await group(client, plan);
  const { operationId } = await client.upgrades.createFirmware({
    fileId: packageId,
    targets: { deviceGroups, deviceType, model, manufacturerName: manufacturerName ?? '' },
    policy: { executeType: 'now', retryType: true, retryTimes: 1 },
  });
  const onProgress = (shown: Operation): void => display.progress(operationProgress(shown));
  const ended = await client.upgrades.waitFor(operationId, { ...polling, onProgress });
  return accountForOperation(client, ended, plan);
}

/** What a call adds to a group at most (docs/contract/legacy.md 6). */
const groupSize = 1000;

/** Puts the fleet into groups and returns their names. */
async function group(client: LegacyClient, plan: FleetPlan): Promise<readonly string[]> {
  const ids = plan.devices.map((device) => device.deviceId);
  const names: string[] = [];
  for (let from = 0; from < ids.length; from += groupSize) {
    const name = `demo_group_${names.length + 1}`;
    await client.groups.create({ name, deviceIds: ids.slice(from, from + groupSize) });
    names.push(name);
  }
  return names;
}

async function command({ client, display, receiver }: Parts, plan: FleetPlan): Promise<TaskAccount> {
  const { service: serviceId, name: method, paras } = demoCommand;
  const { taskId } = await client.batchTasks.create({
    taskName: 'demo_command',
    taskType: 'DeviceCmd',
    // Seconds, in this demo: what never connects is waited for until then.
    timeout: Math.max(10, Math.ceil(plan.devices.length / 100)),
    param: {
      type: 'DeviceList',
      deviceList: plan.devices.map((device) => device.deviceId),
      command: { serviceId, method, paras },
      callbackUrl: receiver.commandsUrl,
    },
  });
  const onProgress = (shown: LegacyTask): void => display.progress(taskProgress(shown));
  const ended = await client.batchTasks.waitFor(taskId, { ...polling, onProgress });
  return accountForBatch(client, ended, plan);
}

function operationProgress({ operateType, status, staResult: s }: Operation): Progress {
  return {
    ...{ name: operateType, status, total: s.total },
    done: s.success + s.fail + s.timeout + s.stop,
    counts: `${s.success} ok, ${s.fail} failed, ${s.timeout} timed out, ${s.processing} running, ${s.wait} waiting`,
  };
}

function taskProgress({ taskType, status, totalCnt, completeCnt, expiredCnt, ...task }: LegacyTask): Progress {
  const { successCnt, failCnt, timeoutCnt } = task;
  const done = completeCnt + expiredCnt;
  const counts = `${successCnt} ok, ${failCnt} failed, ${timeoutCnt} timed out, ${expiredCnt} expired, ${totalCnt - done} to come`;
  return { name: taskType, status, total: totalCnt, done, counts };
}
