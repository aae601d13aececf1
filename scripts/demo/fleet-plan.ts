import type { DeviceBehaviour, DeviceSpec } from '@muster/simulator';
import { shareOut } from '@muster/simulator';
import type { DemoOptions } from './options.ts';

/** How a device ends a task: `code` undefined is success. */
export interface Expected {
  readonly code?: string;
  /** It needs the retry that the task's policy gives. */
  readonly retried?: boolean;
}

export interface Share {
  readonly name: string;
  readonly share: number;
  readonly behaviour: DeviceBehaviour;
  readonly upgrade: Expected;
  readonly command: Expected;
}

/** `result_code` 7 of the device page: the image's integrity check failed. */
const badImage = 7;

/** Who does what; the rest of the fleet simply succeeds. */
export function planShares({ failRate, offlineRate }: Pick<DemoOptions, 'failRate' | 'offlineRate'>): readonly Share[] {
  const rest = 1 - failRate - offlineRate;
  return [
    {
      name: 'report a failure',
      share: failRate,
      behaviour: {
        upgrade: { kind: 'fail', resultCode: badImage, description: 'simulated' },
        command: { kind: 'answer', resultCode: 1 },
      },
      upgrade: { code: 'IOTDA.014594', retried: true },
      command: { code: 'IOTDA.014135' },
    },
    {
      name: 'never connect',
      share: offlineRate,
      behaviour: { upgrade: { kind: 'offline' } },
      upgrade: { code: 'IOTDA.014591', retried: true },
      command: { code: 'IOTDA.014016' },
    },
    {
      name: 'fail once, then succeed',
      share: rest * 0.06,
      behaviour: { upgrade: { kind: 'failOnce', resultCode: badImage } },
      upgrade: { retried: true },
      command: {},
    },
    {
      name: 'lose the connection midway',
      share: rest * 0.06,
      behaviour: { upgrade: { kind: 'disconnect', afterProgress: 50, reconnectAfterMs: 500 } },
      upgrade: {},
      command: {},
    },
    {
      name: 'report another version',
      share: rest * 0.02,
      behaviour: { upgrade: { kind: 'wrongVersion', version: '0.0.1' } },
      upgrade: { code: 'IOTDA.014595', retried: true },
      command: {},
    },
    {
      name: 'succeed',
      share: rest * 0.86,
      behaviour: { upgrade: { kind: 'succeed' } },
      upgrade: {},
      command: {},
    },
  ];
}

export interface FleetPlan {
  readonly devices: readonly DeviceSpec[];
  shareOf(deviceId: string): Share;
}

/** Deals the shares to the registered devices, the same way for the same seed; the last share takes whoever is left. */
export function planFleet(registered: readonly DeviceSpec[], shares: readonly Share[], seed: number): FleetPlan {
  const byName = new Map(shares.map((share) => [share.name, share]));
  const fallback = shares.at(-1) as Share;
  const ids = registered.map((device) => device.deviceId);
  const dealt = shareOut(ids, wholeShares(shares.slice(0, -1), ids.length), seed);
  const shareOf = (deviceId: string): Share => byName.get(dealt.get(deviceId)?.name ?? '') ?? fallback;
  return {
    devices: registered.map((device) => ({ ...device, behaviour: shareOf(device.deviceId).behaviour })),
    shareOf,
  };
}

/** Rounds the running sum rather than each share, so that whole devices never exceed the fleet. */
function wholeShares(shares: readonly Share[], devices: number): readonly Share[] {
  let sum = 0;
  return shares.map((share) => {
    const before = Math.round(sum * devices);
    sum += share.share;
    return { ...share, share: (Math.round(sum * devices) - before) / devices };
  });
}
