import type { Device } from './device.ts';
import { type ProductTraits, unassignedProductId } from './product.ts';

export type InfoDevice = Pick<
  Device,
  'nodeId' | 'name' | 'description' | 'connectivity' | 'frozen' | 'fwVersion' | 'swVersion' | 'legacy'
> & { readonly auth: Pick<Device['auth'], 'secureAccess'> };

/** Of a device's product; while it has none of its own, what was said of it. */
export const shownTraits = (
  { productId, legacy }: Pick<Device, 'productId' | 'legacy'>,
  traits: Partial<ProductTraits>,
): Partial<ProductTraits> => (productId === unassignedProductId ? legacy : traits);

/** Legacy 5.1, `deviceInfo`, as far as it is known here; `traits` as they are shown. */
export function legacyDeviceInfo(device: InfoDevice, traits: Partial<ProductTraits>) {
  const { nodeId, name, description, swVersion, fwVersion, legacy } = device;
  const { manufacturerId, manufacturerName, deviceType, model, protocolType } = traits;
  return {
    ...{ nodeId, name, description, manufacturerId, manufacturerName, location: legacy.location },
    ...{ deviceType, model, swVersion, fwVersion, protocolType },
    ...statusOf(device),
    mute: yesOrNo(legacy.mute === true),
    supportedSecurity: yesOrNo(true),
    isSecurity: yesOrNo(device.auth.secureAccess),
  };
}

/** A frozen device shows as offline. */
const statusOf = ({ connectivity, frozen }: InfoDevice) =>
  ({
    status: frozen ? 'OFFLINE' : connectivity,
    statusDetail: frozen || connectivity === 'INACTIVE' ? 'NOT_ACTIVE' : 'NONE',
  }) as const;

const yesOrNo = (value: boolean): 'TRUE' | 'FALSE' => (value ? 'TRUE' : 'FALSE');
