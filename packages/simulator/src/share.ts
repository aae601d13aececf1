import type { DeviceBehaviour } from './behaviour.ts';
import { createRandom, shuffle } from './random.ts';

/** A part of a fleet that behaves alike. */
export interface BehaviourShare {
  readonly name: string;
  /** 0..1 of the fleet, rounded to whole devices. */
  readonly share: number;
  readonly behaviour: DeviceBehaviour;
}

/** Who got which share; devices that got none are not listed. */
export type SharedOut = ReadonlyMap<string, BehaviourShare>;

/**
 * Deals shares out to devices: exactly `round(share × devices)` each, chosen by the seed. What is expected of a run
 * can therefore be counted before it starts. Throws a RangeError if the shares exceed the fleet.
 */
export function shareOut(deviceIds: readonly string[], shares: readonly BehaviourShare[], seed: number): SharedOut {
  const order = shuffle(deviceIds, createRandom(seed));
  const dealt = shares.flatMap((share) => {
    const count = Math.round(share.share * deviceIds.length);
    return Array.from({ length: count }, () => share);
  });
  if (dealt.length > order.length) throw new RangeError('The shares exceed the fleet');
  return new Map(dealt.map((share, index) => [order[index] ?? '', share]));
}
