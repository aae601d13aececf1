import type { BatchTask, V5Client } from '@muster/sdk';
import { createFleet, registerDevices } from '@muster/simulator';
import { accountFor, type TaskAccount } from './accounting.ts';
import type { Display } from './display.ts';
import { type FleetPlan, planFleet, planShares } from './fleet-plan.ts';
import type { DemoOptions } from './options.ts';
import { createProduct, forwardTaskUpdates, uploadFirmware } from './preparation.ts';
import type { Receiver } from './receiver.ts';
import type { ServerAddresses } from './server-process.ts';

const seed = 20261122;

export interface ScenarioParts {
  readonly client: V5Client;
  readonly addresses: ServerAddresses;
  readonly receiver: Receiver;
  readonly display: Display;
  readonly options: DemoOptions;
}

/** The main job: product, fleet, firmware, an upgrade task and a command task, each watched to its end and accounted for. */
export async function runScenario(parts: ScenarioParts): Promise<readonly TaskAccount[]> {
  const { client, display, options } = parts;
  const productId = await createProduct(client);
  await forwardTaskUpdates(client, parts.receiver.url);
  display.say(`Registering ${options.devices} devices …`);
  const registered = await registerDevices(client, { productId, count: options.devices, seed });
  const plan = planFleet(registered, planShares(options), seed);
  const packageId = await uploadFirmware(client, productId);
  const fleet = createFleet({ mqttUrl: parts.addresses.mqtt, devices: plan.devices, seed });
  try {
    await fleet.start();
    display.say(`${fleet.statistics.connected} devices connected over MQTT.`);
    const upgrade = await runTask(parts, plan, { part: 'upgrade', document: { package_id: packageId } });
    const command = await runTask(parts, plan, {
      part: 'command',
      document: { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } },
    });
    return [upgrade, command];
  } finally {
    await fleet.stop();
  }
}

interface TaskPlan {
  readonly part: 'upgrade' | 'command';
  readonly document: Record<string, unknown>;
}

async function runTask(parts: ScenarioParts, plan: FleetPlan, { part, document }: TaskPlan): Promise<TaskAccount> {
  const { client, display } = parts;
  const isUpgrade = part === 'upgrade';
  const task = await client.batchTasks.create({
    task_name: isUpgrade ? 'demo_firmware' : 'demo_command',
    task_type: isUpgrade ? 'firmwareUpgrade' : 'createCommands',
    targets: plan.devices.map((device) => device.deviceId),
    document,
    ...(isUpgrade ? { task_policy: { retry_count: 1, retry_interval: 1 } } : {}),
  });
  const ended: BatchTask = await client.waitForTask(task.task_id, {
    onProgress: (snapshot) => display.progress({ ...task, ...snapshot }),
  });
  display.progress(ended);
  return accountFor(client, ended, { plan, part });
}
