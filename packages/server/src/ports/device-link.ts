import type { Downlink } from '../domain/downlink.ts';
import type { DeviceId } from '../domain/ids.ts';

import type { CloseReason } from '../domain/node-letter.ts';

export type { CloseReason };

/** The way to the devices' sessions. What becomes of a message comes back through the device inbox. */
export interface DeviceLink {
  /** A transaction has left something for other nodes: they may look now. */
  posted(): void;
  /** Hands over; never waits for devices. Order per device is kept. */
  send(downlinks: readonly Downlink[]): void;
  /** `olderThan`: only sessions of a lower epoch. */
  close(deviceIds: readonly DeviceId[], reason: CloseReason, olderThan?: number): void;
}
