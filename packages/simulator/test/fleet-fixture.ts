import { afterEach, beforeEach } from 'vitest';
import type { DeviceBehaviour, DeviceSpec } from '../src/behaviour.ts';
import { createFleet, type Fleet, type FleetOptions } from '../src/fleet.ts';
import { eventOf, isEvent, type MqttFixture, type SeenPublish, startMqtt } from './mqtt-fixture.ts';

/** A started server for every test, and fleets that are stopped after it. */
export interface World {
  readonly server: MqttFixture;
  /** Connects the devices without any latency. */
  fleet(devices: readonly DeviceSpec[], options?: Partial<FleetOptions>): Promise<Fleet>;
  /** One device `p_1` with this behaviour. */
  one(behaviour?: DeviceBehaviour, options?: Partial<FleetOptions>): Promise<Fleet>;
}

const FAST = {
  latency: 0,
  install: 0,
  reconnect: { firstMs: 1, maxMs: 4 },
  download: { attempts: 3, resumeDelayMs: 1 },
} satisfies Partial<FleetOptions>;

export function useWorld(): World {
  let server: MqttFixture;
  let fleets: Fleet[] = [];
  beforeEach(async () => {
    server = await startMqtt();
  });
  afterEach(async () => {
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    fleets = [];
    await server.close();
  });
  const start = async (devices: readonly DeviceSpec[], options: Partial<FleetOptions> = {}): Promise<Fleet> => {
    const fleet = createFleet({ mqttUrl: server.url, devices, ...FAST, ...options });
    fleets.push(fleet);
    await fleet.start();
    return fleet;
  };
  return {
    get server() {
      return server;
    },
    fleet: start,
    one: (behaviour = {}, options = {}) => start([{ deviceId: 'p_1', secret: 's', behaviour }], options),
  };
}

/** The paras of the next progress report. */
export async function takeReport(server: MqttFixture): Promise<Record<string, unknown>> {
  return eventOf(await server.take(isEvent('upgrade_progress_report'))).paras;
}

/** The paras of the next version report. */
export async function takeVersions(server: MqttFixture): Promise<Record<string, unknown>> {
  return eventOf(await server.take(isEvent('version_report'))).paras;
}

export const isOn =
  (suffix: string) =>
  (publish: SeenPublish): boolean =>
    publish.topic.endsWith(suffix);
