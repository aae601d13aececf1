import { startPushListener } from './push-listener.ts';

/** A message of an upgrade (docs/contract/legacy.md 9.2). */
interface UpgradeNotice {
  readonly notifyType: string;
  readonly deviceId: string;
  readonly operationId: string;
  readonly step?: string;
  readonly status?: string;
}

/** A state of a command (docs/contract/legacy.md 9.4). */
interface CommandState {
  readonly deviceId: string;
  readonly commandId: string;
  readonly result: { readonly resultCode: string };
}

/** What was told of one device, in order of arrival, repeats left out. */
export interface ToldOfDevice {
  readonly notices: readonly UpgradeNotice[];
  readonly commandStates: readonly CommandState[];
}

export interface LegacyReceiver {
  /** For subscriptions. */
  readonly noticesUrl: string;
  /** For commands. */
  readonly commandsUrl: string;
  /** Repeats left out. */
  readonly count: number;
  of(deviceId: string): ToldOfDevice;
  stop(): Promise<void>;
}

const nothing: ToldOfDevice = { notices: [], commandStates: [] };

/** A local application that is told of upgrades and commands. */
export async function startLegacyReceiver(): Promise<LegacyReceiver> {
  const devices = new Map<string, { notices: UpgradeNotice[]; commandStates: CommandState[] }>();
  const lastOf = new Map<string, string>();
  let count = 0;
  const take = (body: string, path: string): void => {
    const told = JSON.parse(body) as UpgradeNotice | CommandState;
    // At least once, in order per device and URL: a repeat follows its first.
    const line = `${path} ${told.deviceId}`;
    if (lastOf.get(line) === body) return;
    lastOf.set(line, body);
    count += 1;
    const device = devices.get(told.deviceId) ?? { notices: [], commandStates: [] };
    devices.set(told.deviceId, device);
    if ('notifyType' in told) device.notices.push(told);
    else device.commandStates.push(told);
  };
  const listener = await startPushListener(take);
  return {
    noticesUrl: `${listener.url}/notices`,
    commandsUrl: `${listener.url}/commands`,
    get count() {
      return count;
    },
    of: (deviceId) => devices.get(deviceId) ?? nothing,
    stop: () => listener.stop(),
  };
}
