import { legacyDeviceNotifyTypes, legacySilentNotifyTypes, legacyUpgradeNotifyTypes } from '@muster/contract/legacy';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { notifyTypesOf } from '../../src/domain/legacy-notices/device-messages.ts';
import {
  deviceNotifyTypes,
  isCallbackUrl,
  silentNotifyTypes,
  upgradeNotifyTypes,
} from '../../src/domain/legacy-subscription.ts';
import { phasesBetween } from '../../src/domain/upgrade/upgrade-facts.ts';

it('what can be subscribed is what the contract says, and everything of devices comes of something', () => {
  expect(upgradeNotifyTypes).toEqual(legacyUpgradeNotifyTypes);
  expect(deviceNotifyTypes).toEqual(legacyDeviceNotifyTypes);
  expect(silentNotifyTypes).toEqual(legacySilentNotifyTypes);
  expect(new Set(Object.values(notifyTypesOf).flat())).toEqual(new Set(deviceNotifyTypes));
});

it('absolute web addresses are callback URLs, and texts that are none are not', () => {
  const long = fc.webUrl({ withQueryParameters: true, withFragments: true });
  fc.assert(fc.property(long, (url) => isCallbackUrl(url) === [...url].length <= 1024));
  fc.assert(fc.property(fc.webPath(), (path) => !isCallbackUrl(path)));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      if (isCallbackUrl(text)) expect(new URL(text).protocol).toMatch(/^https?:$/);
      expect(isCallbackUrl(`http://r.example/${text}\0`)).toBe(false);
    }),
  );
});

it('an upgrade passes through its phases in their order, and is idle at its end', () => {
  const order = ['idle', 'downloading', 'downloaded', 'updating'];
  const places = [
    { offered: false, reported: false },
    { offered: true, reported: false },
    { offered: true, reported: true },
  ] as const;
  places.forEach((from, at) => {
    const walked = places
      .slice(at + 1)
      .reduce(({ place, phases }, next) => ({ place: next, phases: [...phases, ...phasesBetween(place, next)] }), {
        place: from,
        phases: [] as readonly string[],
      });
    const done = [...walked.phases, ...phasesBetween(walked.place, 'succeeded')];
    expect(done).toEqual([...order.slice([1, 2, 4][at] ?? 4), 'idle']);
    expect(phasesBetween(from, from)).toEqual([]);
    expect(phasesBetween(from, 'failed')).toEqual(from.offered ? ['idle'] : []);
  });
});
