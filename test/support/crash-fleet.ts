import type { V5Client } from '@muster/sdk';
import { createFleet, type DeviceSpec, type Fleet, registerDevices } from '@muster/simulator';
import { onTestFinished } from 'vitest';
import type { Expected, Share } from '../../scripts/demo/fleet-plan.ts';

const command: Expected = {};

/** Everything that a device may do about an upgrade and that does not depend on when it happens. */
export const crashShares: readonly Share[] = [
  {
    name: 'report a failure',
    share: 0.04,
    behaviour: { upgrade: { kind: 'fail', resultCode: 7 } },
    upgrade: { code: 'IOTDA.014594', retried: true },
    command,
  },
  {
    name: 'fail once, then succeed',
    share: 0.04,
    behaviour: { upgrade: { kind: 'failOnce', resultCode: 7 } },
    upgrade: {},
    command,
  },
  {
    name: 'report another version',
    share: 0.02,
    behaviour: { upgrade: { kind: 'wrongVersion', version: '0.0.1' } },
    upgrade: { code: 'IOTDA.014595', retried: true },
    command,
  },
  {
    name: 'never report a version',
    share: 0.01,
    behaviour: { upgrade: { kind: 'silent' } },
    upgrade: { code: 'IOTDA.014592', retried: true },
    command,
  },
  {
    name: 'lose the connection midway',
    share: 0.05,
    behaviour: { upgrade: { kind: 'disconnect', afterProgress: 50, reconnectAfterMs: 300 } },
    upgrade: {},
    command,
  },
  {
    // Long enough to be interrupted again and again: these run into the limit of offers.
    name: 'install slowly',
    share: 0.02,
    behaviour: { upgrade: { kind: 'succeed' }, install: 20_000 },
    upgrade: {},
    command,
  },
  { name: 'succeed', share: 0.82, behaviour: { upgrade: { kind: 'succeed' } }, upgrade: {}, command },
];

/** A connected fleet that comes back by itself, soon and without end; it is gone when the test is over. */
export async function connectFleet(
  { mqttUrl }: { readonly mqttUrl: string },
  devices: readonly DeviceSpec[],
  seed: number,
): Promise<Fleet> {
  const fleet = createFleet({
    mqttUrl,
    devices,
    seed,
    latency: { kind: 'uniform', minMs: 20, maxMs: 500 },
    install: { kind: 'uniform', minMs: 200, maxMs: 3000 },
    reconnect: { firstMs: 200, maxMs: 1000 },
    // A transfer that the crash has broken goes on behind what it has.
    download: { concurrency: 32, attempts: 10_000, resumeDelayMs: 250 },
  });
  onTestFinished(() => fleet.stop());
  await fleet.start();
  return fleet;
}

export function registerFleet(client: V5Client, productId: string, count: number): Promise<DeviceSpec[]> {
  return registerDevices(client, { productId, count });
}
