export interface ClientId {
  readonly deviceId: string;
  readonly signType: '0' | '1';
  readonly timestamp: string;
}

const charactersMax = 256;
// Greedy on the device id: it holds underscores itself, so the three fixed parts are taken from the right (device 1.2).
const shape = /^(?<deviceId>.+)_0_(?<signType>[01])_(?<timestamp>[0-9]{10})$/su;

/** Decodes `{device_id}_{device type}_{sign type}_{timestamp}`; undefined for anything device 1.2 answers with code 2. */
export function decodeClientId(text: string): ClientId | undefined {
  if (text.length > charactersMax) return undefined;
  const parts = shape.exec(text)?.groups;
  if (!parts) return undefined;
  const { deviceId, signType, timestamp } = parts;
  if (deviceId === undefined || timestamp === undefined) return undefined;
  return { deviceId, signType: signType === '1' ? '1' : '0', timestamp };
}
