import type { Downlink } from '../domain/downlink.ts';
import type { DeviceId } from '../domain/ids.ts';

export type CloseReason = 'frozen' | 'deleted' | 'secret-reset' | 'taken-over';

/** The way to the devices' sessions. What becomes of a message comes back through the device inbox. */
export interface DeviceLink {
  /** Hands over; never waits for devices. Order per device is kept. */
  send(downlinks: readonly Downlink[]): void;
  close(deviceIds: readonly DeviceId[], reason: CloseReason): void;
}
