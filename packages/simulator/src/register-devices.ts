import { createHmac } from 'node:crypto';
import { MusterError, type V5Client } from '@muster/sdk';
import type { DeviceSpec } from './behaviour.ts';
import { createLimiter } from './limiter.ts';

/** Which devices a fleet needs on the server. */
export interface RegisterOptions {
  readonly productId: string;
  readonly count: number;
  /** Node ids are `{prefix}{number}`. Default `sim-`. */
  readonly prefix?: string;
  readonly appId?: string;
  /** Secrets are derived from it, so that a later run can use the same devices. Default 1. */
  readonly seed?: number;
  /** Calls at once. Default 16. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

// v5 3: the device or its id exists already, from an earlier run.
const EXISTS = ['IOTDA.014031', 'IOTDA.014115'];

/** 32 hex digits that depend on seed and node id alone. */
const secretOf = (seed: number, nodeId: string): string =>
  createHmac('sha256', `muster-sim ${seed}`).update(nodeId).digest('hex').slice(0, 32);

/** Creates the devices through the API and returns what a fleet needs of them; existing ones are taken as they are. */
export async function registerDevices(client: V5Client, options: RegisterOptions): Promise<DeviceSpec[]> {
  const { productId, prefix = 'sim-', seed = 1 } = options;
  const signal = options.signal ?? new AbortController().signal;
  const limiter = createLimiter(options.concurrency ?? 16);
  const appId = options.appId === undefined ? {} : { app_id: options.appId };

  async function register(index: number): Promise<DeviceSpec> {
    const nodeId = `${prefix}${String(index).padStart(6, '0')}`;
    const deviceId = `${productId}_${nodeId}`;
    const secret = secretOf(seed, nodeId);
    const auth_info = { secret, secure_access: false };
    const body = { node_id: nodeId, device_id: deviceId, product_id: productId, auth_info, ...appId };
    await client.devices.create(body, { signal }).catch((error: unknown) => {
      if (!(error instanceof MusterError) || !EXISTS.includes(error.code)) throw error;
    });
    return { deviceId, secret };
  }

  const indexes = Array.from({ length: options.count }, (_, index) => index);
  return Promise.all(indexes.map((index) => limiter.run(() => register(index), signal)));
}
