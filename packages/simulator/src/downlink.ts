/** What arrived on one of the system topics of device 3.2. */
export type Downlink =
  | { readonly kind: 'events' }
  | { readonly kind: 'command' | 'propertiesSet' | 'propertiesGet'; readonly requestId: string }
  | { readonly kind: 'message' }
  | { readonly kind: 'shadow' }
  | { readonly kind: 'other' };

const WITH_REQUEST_ID: readonly (readonly [string, 'command' | 'propertiesSet' | 'propertiesGet' | 'shadow'])[] = [
  ['/sys/commands/request_id=', 'command'],
  ['/sys/properties/set/request_id=', 'propertiesSet'],
  ['/sys/properties/get/request_id=', 'propertiesGet'],
  ['/sys/shadow/get/response/request_id=', 'shadow'],
];

/** Suffix behind `$oc/devices/{id}`. */
function suffixOf(topic: string): string {
  const start = topic.indexOf('/', '$oc/devices/'.length);
  return start < 0 ? '' : topic.slice(start);
}

/** Sorts a topic; anything but a system topic of the table is `other`. */
export function parseDownlink(topic: string): Downlink {
  if (!topic.startsWith('$oc/devices/')) return { kind: 'other' };
  const suffix = suffixOf(topic);
  if (suffix === '/sys/events/down') return { kind: 'events' };
  if (suffix === '/sys/messages/down') return { kind: 'message' };
  for (const [prefix, kind] of WITH_REQUEST_ID) {
    if (!suffix.startsWith(prefix)) continue;
    return kind === 'shadow' ? { kind } : { kind, requestId: suffix.slice(prefix.length) };
  }
  return { kind: 'other' };
}

/** A JSON object of the wire, nothing known about its keys. */
export type WireObject = Readonly<Record<string, unknown>>;

export const isWireObject = (value: unknown): value is WireObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The payload as JSON object; undefined if it is none, which a device ignores. */
export function parsePayload(payload: Buffer): WireObject | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return isWireObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value if it is a text. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** One entry of `services` of an event (device 3.3). */
export interface DeviceEvent {
  readonly serviceId: string;
  readonly eventType: string;
  readonly paras: WireObject;
}

/** The entries of an event payload that have the fields of device 3.3. */
export function parseEvents(body: WireObject): DeviceEvent[] {
  const services: unknown[] = Array.isArray(body['services']) ? body['services'] : [];
  return services.filter(isWireObject).flatMap((service) => {
    const serviceId = textOf(service['service_id']);
    const eventType = textOf(service['event_type']);
    const paras = isWireObject(service['paras']) ? service['paras'] : {};
    return serviceId === undefined || eventType === undefined ? [] : [{ serviceId, eventType, paras }];
  });
}
