import type { App } from '../../domain/app.ts';
import { asId, type DeviceId, type ProductId } from '../../domain/ids.ts';
import type { ProductTraits } from '../../domain/product.ts';
import type { GroupSource } from '../../domain/task.ts';
import type { Store } from '../../ports/store/store.ts';
import type { TargetStore } from '../../ports/store/target-store.ts';
import { quoted } from '../../domain/search/quoted.ts';
import { requireGroups } from './require-groups.ts';

/** Which devices of an application a legacy client means (legacy 3.2). */
export type DeviceChoice =
  | { readonly kind: 'listed'; readonly deviceIds: readonly string[] }
  | {
      readonly kind: 'groups';
      readonly by: { readonly names: readonly string[] } | { readonly ids: readonly string[] };
    }
  | { readonly kind: 'products'; readonly traits: Partial<ProductTraits> }
  | { readonly kind: 'location'; readonly location: string }
  | { readonly kind: 'all' };

/** What a task of the core is given for it: devices, or groups and rules. */
export interface ChosenDevices {
  readonly deviceIds?: readonly DeviceId[];
  readonly groups?: GroupSource;
}

/** As many products of one kind as anybody has. */
const productsMax = 10_000;
const productsPerRule = 100;

/** Problems: groupNotFound. */
export async function chooseDevices(
  { targets, products }: Pick<Store, 'targets' | 'products'>,
  owner: App,
  choice: DeviceChoice,
): Promise<ChosenDevices> {
  const ofApp = `app_id = ${quoted(owner.appId)}`;
  switch (choice.kind) {
    case 'listed':
      return { deviceIds: choice.deviceIds.map((id) => asId<DeviceId>(id)) };
    case 'groups':
      return { groups: { groupIds: await groupIdsOf(targets, owner, choice.by) } };
    case 'products':
      return {
        groups: { groupIds: [], rules: rulesOf(ofApp, await products.listByTraits(owner, choice.traits, productsMax)) },
      };
    case 'location':
      return { groups: { groupIds: [], rules: [`${ofApp} and location = ${quoted(choice.location)}`] } };
    case 'all':
      return { groups: { groupIds: [], rules: [ofApp] } };
  }
}

async function groupIdsOf(
  targets: TargetStore,
  owner: App,
  by: Extract<DeviceChoice, { kind: 'groups' }>['by'],
): Promise<GroupSource['groupIds']> {
  const found = await requireGroups(targets, { owner, field: 'groupList' }, by);
  return found.map(({ groupId }) => groupId);
}

function rulesOf(ofApp: string, productIds: readonly ProductId[]): readonly string[] {
  const rules: string[] = [];
  for (let from = 0; from < productIds.length; from += productsPerRule) {
    const listed = productIds.slice(from, from + productsPerRule).map(quoted);
    rules.push(`${ofApp} and product_id in (${listed.join(', ')})`);
  }
  return rules;
}
