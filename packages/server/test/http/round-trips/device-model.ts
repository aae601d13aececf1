import type { LegacyAttributes } from '../../../src/domain/legacy-attributes.ts';
import type { Change, Product, Sent, Traits } from './device-arbitraries.ts';

/** What must be true of a device after what a client said, told from the contract alone (legacy 5.1 and 5.2). */
export interface KnownDevice {
  readonly nodeId: string;
  readonly name: string | undefined;
  readonly secure: boolean;
  readonly timeout: number;
  /** Undefined: none yet. */
  readonly product: Product | undefined;
  readonly kept: LegacyAttributes;
  readonly tags: ReadonlyMap<string, string | undefined>;
}

/** No product is as the client said. */
export type Refused = 'no-product';

const lookedUp = ['manufacturerId', 'deviceType', 'model', 'protocolType'] as const;

const traitsIn = (said: Traits): Traits =>
  defined({
    ...{ manufacturerId: said.manufacturerId, manufacturerName: said.manufacturerName, deviceType: said.deviceType },
    ...{ model: said.model, protocolType: said.protocolType },
  });

function lookUp(traits: Traits, products: readonly Product[]): Product | Refused | undefined {
  if (lookedUp.some((name) => traits[name] === undefined)) return undefined;
  return products.find((product) => lookedUp.every((name) => product.traits[name] === traits[name])) ?? 'no-product';
}

export function registered(sent: Sent, products: readonly Product[]): KnownDevice | Refused {
  const { deviceInfo = {}, location, imsi, account, endUserId: endUser, customFields } = sent;
  const named = products.find(({ productId }) => productId === sent.productId);
  const product = named ?? lookUp(deviceInfo, products);
  if (product === 'no-product') return product;
  return {
    ...{ nodeId: sent.nodeId, name: sent.deviceName ?? deviceInfo.name, secure: sent.isSecure ?? false },
    ...{ timeout: sent.timeout ?? 180, product },
    kept: defined({
      ...{ location, imsi, account, endUser, customFields: listed(customFields) },
      ...(product === undefined ? traitsIn(deviceInfo) : {}),
    }),
    tags: tagsWith(new Map(), sent),
  };
}

export function modified(known: KnownDevice, change: Change, products: readonly Product[]): KnownDevice | Refused {
  const shown: Traits = known.product?.traits ?? known.kept;
  const saysNothingNew = lookedUp.every((name) => change[name] === undefined || change[name] === shown[name]);
  const named = products.find(({ productId }) => productId === change.productId);
  const wanted = { ...traitsIn(shown), ...traitsIn(change) };
  const found = named ?? (saysNothingNew ? undefined : lookUp(wanted, products));
  if (found === 'no-product') return found;
  const product = found ?? known.product;
  const { location, imsi, mute, endUser, region, organization, timezone, ip, customFields, deviceConfig } = change;
  return {
    ...known,
    ...{ name: change.name ?? known.name, secure: change.isSecure ?? known.secure, product },
    kept: {
      ...known.kept,
      ...defined({ location, imsi, mute, endUser, region, organization, timezone, ip }),
      ...defined({ customFields: listed(customFields), dataAgingTime: deviceConfig?.dataConfig?.dataAgingTime }),
      ...(product === undefined ? traitsIn(change) : {}),
    },
    tags: tagsWith(known.tags, change),
  };
}

/** An empty list is absent (legacy 1.2). */
const listed = (fields: Sent['customFields']) => (fields?.length === 0 ? undefined : fields);

function tagsWith(known: KnownDevice['tags'], { tags = [] }: Pick<Sent, 'tags'>): KnownDevice['tags'] {
  return new Map([...known, ...tags.map(({ tagName, tagValue }) => [tagName, tagValue] as const)]);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

const nowhereKnown = ['mac', 'hwVersion', 'bridgeId', 'signalStrength', 'sigVersion', 'serialNumber', 'batteryLevel'];

/** `deviceInfo` of a device that never connected, with `select=imsi`. */
export function legacyInfoOf({ nodeId, name, secure, product, kept }: KnownDevice): Record<string, unknown> {
  const traits: Traits = product?.traits ?? kept;
  return {
    ...{ nodeId, name: name ?? null, description: null, swVersion: null, fwVersion: null },
    ...Object.fromEntries([...lookedUp, 'manufacturerName' as const].map((key) => [key, traits[key] ?? null])),
    ...Object.fromEntries(nowhereKnown.map((key) => [key, null])),
    ...{ status: 'INACTIVE', statusDetail: 'NOT_ACTIVE', mute: kept.mute === true ? 'TRUE' : 'FALSE' },
    ...{ supportedSecurity: 'TRUE', isSecurity: secure ? 'TRUE' : 'FALSE', license: null },
    ...{ location: kept.location ?? null, imsi: kept.imsi ?? null, endUser: kept.endUser ?? null },
    ...{ account: kept.account ?? null, region: kept.region ?? null, organization: kept.organization ?? null },
    ...{ timezone: kept.timezone ?? null, ip: kept.ip ?? null, dataAgingTime: kept.dataAgingTime ?? null },
    customFields: (kept.customFields ?? []).map(({ fieldName, fieldType = null, fieldValue = null }) => {
      return { fieldName, fieldType, fieldValue };
    }),
  };
}
