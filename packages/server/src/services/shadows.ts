import { problemOfConflict } from '../domain/effect.ts';
import type { DeviceId, ProjectId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { isWritable } from '../domain/shadow.ts';
import { parseShadow } from '../domain/shadow-request.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { DeviceReach, DeviceStore, SessionStore, ShadowService } from '../ports/store/device-store.ts';
import type { EffectStore } from '../ports/store/message-store.ts';

export type { ShadowService };

/** Whose shadow it is. */
export interface ShadowPlace {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
}

/** Device shadows, one by one (v5 9, device 6.4). All: deviceNotFound. */
export interface Shadows {
  get(place: ShadowPlace): Promise<readonly ShadowService[]>;
  /**
   * `body`: the single call's; all of it or nothing. Returns the whole shadow. What differs then goes to the device.
   * Problems: invalidInput, propertyNotWritable, shadowVersion, contentTooLarge.
   */
  update(place: ShadowPlace, body: JsonObject): Promise<readonly ShadowService[]>;
  /** Desired and reported values and their versions. */
  clear(place: ShadowPlace): Promise<void>;
}

export interface ShadowsParts {
  readonly store: {
    readonly devices: Pick<DeviceStore, 'getShadow' | 'clearShadow'>;
    readonly sessions: Pick<SessionStore, 'findReach'>;
    readonly products: Pick<ProductStore, 'find'>;
    readonly effects: EffectStore;
  };
  readonly link: DeviceLink;
  readonly clock: Clock;
}

export function createShadows(parts: ShadowsParts): Shadows {
  const { store, link, clock } = parts;

  async function reachOf({ projectId, deviceId }: ShadowPlace): Promise<DeviceReach> {
    const reach = await store.sessions.findReach(projectId, deviceId);
    if (reach === undefined) throw new Problem('deviceNotFound');
    return reach;
  }

  return {
    async get(place) {
      await reachOf(place);
      return store.devices.getShadow(place.deviceId);
    },
    async update(place, body) {
      const { projectId, deviceId } = place;
      const writes = parseShadow(body);
      const { productId, appId } = await reachOf(place);
      const product = await store.products.find(projectId, productId, appId);
      if (product === undefined || !isWritable(product, writes)) throw new Problem('propertyNotWritable');
      const effect = { kind: 'setDesired', deviceId, writes, at: clock.now() } as const;
      const { conflicts, problems } = await store.effects.apply(projectId, [effect]);
      if (conflicts.length > 0) throw problems.get(0) ?? new Problem(problemOfConflict.setDesired);
      // Who connected before the values stood has not seen them; who connects from now on will.
      const { reachable, rootId } = await reachOf(place);
      if (reachable) link.send([{ deviceId, rootId, content: { kind: 'shadow-change' } }]);
      return store.devices.getShadow(deviceId);
    },
    clear: ({ projectId, deviceId }) => store.devices.clearShadow(projectId, deviceId),
  };
}
