import fc from 'fast-check';
import type { AddDeviceRequest, UpdateDeviceRequest } from '@muster/contract/v5';
import type { Decoded } from '@muster/contract';
import type { ModifyDeviceRequest, RegisterDeviceRequest } from '@muster/contract/legacy';
import type { GroupId, ProductId } from '../../../src/domain/ids.ts';
import { free, word } from './stored-tasks.ts';

export interface Traits {
  readonly manufacturerId?: string;
  readonly manufacturerName?: string;
  readonly deviceType?: string;
  readonly model?: string;
  readonly protocolType?: string;
}

export interface Product {
  readonly productId: ProductId;
  readonly name: string;
  readonly traits: Traits;
}

/** As it is sent, without what goes without saying. */
export type Sent = Partial<Decoded<typeof RegisterDeviceRequest>> & { readonly nodeId: string };
export type Change = Decoded<typeof ModifyDeviceRequest>;
type Created = Omit<AddDeviceRequest, 'node_id'>;

/** Any that is allowed: also none at all, the longest, and what means something elsewhere. */
const text = (max = 256): fc.Arbitrary<string> =>
  fc.oneof(word, fc.constantFrom('', 'null', 'None', ' x ', '%_', '\'"\\', '1e3', '𝒳'.repeat(max)));

const timeout = fc.oneof(fc.nat(300), fc.constantFrom(0, 180, 2_147_483_647));

/** As few as a device may have, whatever is added. */
const tagKey = fc.constantFrom('a', 'B', '0', '.', '-', '_', '键', 'k'.repeat(64));
const tags = fc.uniqueArray(
  fc.record(
    { tagName: tagKey, tagValue: fc.constantFrom('', 'v', '值', 'v'.repeat(128)), tagType: text() },
    { requiredKeys: ['tagName'] },
  ),
  { selector: ({ tagName }) => tagName, maxLength: 8 },
);

const customFields = fc.array(
  fc.record({ fieldName: word, fieldType: text(), fieldValue: text(1024) }, { requiredKeys: ['fieldName'] }),
  { maxLength: 3 },
);

/** Those of a product, of none, or of several; all of them or some. */
const traitsAmong = (products: readonly Product[]) => {
  const of = (name: keyof Traits) => fc.constantFrom(...products.map(({ traits }) => traits[name] ?? ''), 'else');
  const some = fc.record(
    {
      ...{ manufacturerId: of('manufacturerId'), manufacturerName: text(), deviceType: of('deviceType') },
      ...{ model: of('model'), protocolType: of('protocolType') },
    },
    { requiredKeys: [] },
  );
  const whole = fc.constantFrom(...products).map(({ traits: { manufacturerName: _, ...rest } }) => rest);
  return fc.oneof(some, whole, fc.constant({}));
};

/** Without these members some of the time, each for itself. */
const optional = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

// NAME(n) of v5.
const v5Name = fc.string({ unit: fc.constantFrom(..."aZ09_?'#().,&%@!-名"), maxLength: 20 });

export function deviceArbitraries(products: readonly Product[], groupId: GroupId | undefined) {
  const productId = fc.constantFrom(...products.map((product) => product.productId as string));
  const registration = fc
    .tuple(
      fc.record({ nodeId: word }),
      optional({
        ...{ verifyCode: fc.oneof(word, fc.constant('C'.repeat(256))), timeout, endUserId: text(), imsi: text(64) },
        ...{ psk: text(64), isSecure: fc.boolean(), productId, deviceName: text(), location: text(1024), tags },
        ...{ customFields, account: text(), ...(groupId === undefined ? {} : { groupId: fc.constant(groupId) }) },
      }),
      optional({
        deviceInfo: fc.tuple(traitsAmong(products), optional({ name: text() })).map(([a, b]) => ({ ...a, ...b })),
      }),
    )
    .map((parts): Sent => Object.assign({}, ...parts));
  const modification = fc
    .tuple(
      traitsAmong(products),
      optional({
        ...{ name: text(), endUser: text(), mute: fc.boolean(), location: text(1024), region: text() },
        ...{ organization: text(), timezone: text(), imsi: text(64), ip: text(), isSecure: fc.boolean() },
        ...{ psk: text(64), customFields, tags },
        deviceConfig: optional({ dataConfig: optional({ dataAgingTime: fc.nat(90) }) }),
      }),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.record({ productId })),
    )
    .map((parts): Change => Object.assign({}, ...parts));
  const update: fc.Arbitrary<UpdateDeviceRequest> = optional({
    ...{ device_name: v5Name, description: v5Name, extension_info: free },
    auth_info: optional({ secure_access: fc.boolean(), timeout }),
  });
  const creation = fc
    .tuple(fc.record({ product_id: productId }), update)
    .map(([own, shared]): Created => ({ ...own, ...shared }));
  return { registration, modification, creation, update };
}

/** What both generations say of a v5 device's texts, in the words of legacy. */
export const namesOf = ({ device_name, description }: UpdateDeviceRequest) => ({
  ...{ name: device_name ?? null, description: description ?? null },
});
