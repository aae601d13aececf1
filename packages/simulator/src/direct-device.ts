import type { ChildSpec, DeviceSpec } from './behaviour.ts';
import { type ConnectionContext, DeviceConnection } from './connection.ts';
import { type DeviceContext, type DeviceUplink, SimulatedDevice } from './device.ts';
import { parseDownlink, parseEvents, parsePayload, textOf, type WireObject } from './downlink.ts';

// Device 9: a status update names 1..100 children.
const CHILDREN_PER_UPDATE = 100;

/** A device with a connection, and the children that use it. */
export class DirectDevice {
  readonly device: SimulatedDevice;
  readonly connection: DeviceConnection;
  readonly deviceId: string;
  readonly secret: string;
  readonly #context: DeviceContext;
  readonly #children: ReadonlyMap<string, SimulatedDevice> | undefined;

  constructor(spec: DeviceSpec, connections: ConnectionContext, context: DeviceContext) {
    this.deviceId = spec.deviceId;
    this.secret = spec.secret;
    this.#context = context;
    this.connection = new DeviceConnection(connections, this);
    const publish = (suffix: string, body: WireObject): Promise<void> =>
      this.connection.publish(`$oc/devices/${spec.deviceId}${suffix}`, JSON.stringify(body));
    const own: DeviceUplink = { publish, drop: (awayMs) => this.connection.drop(awayMs) };
    this.device = new SimulatedDevice(spec, own, context);
    // A child cannot break its gateway's link.
    const shared: DeviceUplink = { publish, drop: () => undefined };
    const child = (one: ChildSpec): [string, SimulatedDevice] => [
      one.deviceId,
      new SimulatedDevice(one, shared, context),
    ];
    this.#children = spec.children && new Map(spec.children.map(child));
  }

  /** All devices that speak over this connection. */
  get devices(): readonly SimulatedDevice[] {
    return [this.device, ...(this.#children?.values() ?? [])];
  }

  /** The device itself or one of its children. */
  find(deviceId: string): SimulatedDevice | undefined {
    return deviceId === this.deviceId ? this.device : this.#children?.get(deviceId);
  }

  /** Device 9: only the gateway's report makes a child ONLINE. */
  onConnected(): void {
    const online = [...(this.#children?.values() ?? [])].filter((child) => child.reachable);
    for (let start = 0; start < online.length; start += CHILDREN_PER_UPDATE) {
      const device_statuses = online
        .slice(start, start + CHILDREN_PER_UPDATE)
        .map((child) => ({ device_id: child.deviceId, status: 'ONLINE' }));
      const service_id = '$sub_device_manager';
      const services = [{ service_id, event_type: 'sub_device_update_status', paras: { device_statuses } }];
      void this.device.uplink.publish('/sys/events/up', { services });
    }
  }

  /** Sorts what arrived; anything that is no known downlink is counted, as a library would log it. */
  onPublish(topic: string, payload: Buffer): void {
    const downlink = parseDownlink(topic);
    const body = parsePayload(payload);
    if (downlink.kind === 'message') return this.#onMessage(body, payload);
    const target = this.#targetOf(body);
    if (downlink.kind === 'other' || body === undefined || target === undefined) {
      this.#context.statistics.unknownDownlinks += 1;
      return;
    }
    if (downlink.kind === 'events') for (const event of parseEvents(body)) target.onEvent(event);
    else target.onDownlink(downlink, body);
  }

  /** A message may be raw bytes, so it needs no body (device 6.3). */
  #onMessage(body: WireObject | undefined, payload: Buffer): void {
    const target = this.#targetOf(body) ?? this.device;
    this.#context.statistics.messages += 1;
    this.#context.events.emit('message', { deviceId: target.deviceId, payload });
  }

  #targetOf(body: WireObject | undefined): SimulatedDevice | undefined {
    return this.find(textOf(body?.['object_device_id']) ?? this.deviceId);
  }
}
