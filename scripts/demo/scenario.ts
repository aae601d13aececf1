import type { V5Client } from '@muster/sdk';
import { createFleet, registerDevices } from '@muster/simulator';
import type { DemoApplication } from './application.ts';
import type { Display } from './display.ts';
import { planFleet, planShares } from './fleet-plan.ts';
import type { DemoOptions } from './options.ts';
import { createProduct, uploadFirmware } from './preparation.ts';
import type { DemoServer } from './demo-server.ts';
import type { TaskAccount } from './task-account.ts';

const seed = 20261122;

export interface ScenarioParts {
  readonly server: DemoServer;
  /** For what the legacy API has no calls for: products and package files. */
  readonly client: V5Client;
  readonly application: DemoApplication;
  readonly display: Display;
  readonly options: DemoOptions;
}

export interface ScenarioEnd {
  readonly accounts: readonly TaskAccount[];
  readonly pushSurprises: readonly string[];
}

/** The main job: product, fleet, firmware, an upgrade and a command, each watched to its end and accounted for, and what was pushed. */
export async function runScenario(parts: ScenarioParts): Promise<ScenarioEnd> {
  const { server, client, application, display, options } = parts;
  const productId = await createProduct(client);
  await application.subscribe();
  display.say(`Registering ${options.devices} devices …`);
  const registered = await registerDevices(client, { productId, count: options.devices, seed });
  const plan = planFleet(registered, planShares(options), seed);
  const packageId = await uploadFirmware(client, productId);
  const download = server.certificate === undefined ? {} : { ca: server.certificate, rejectUnauthorized: true };
  const fleet = createFleet({ mqttUrl: server.addresses.mqtt, devices: plan.devices, seed, download });
  try {
    await fleet.start();
    display.say(`${fleet.statistics.connected} devices connected over MQTT.`);
    const accounts = [await application.upgrade(plan, packageId), await application.command(plan)];
    return { accounts, pushSurprises: await application.awaitPushes(plan, accounts) };
  } finally {
    await fleet.stop();
  }
}
