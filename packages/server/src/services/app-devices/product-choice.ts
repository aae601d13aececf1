import type { App } from '../../domain/app.ts';
import { asId, type ProductId, type RecordId } from '../../domain/ids.ts';
import type { LegacyAttributes } from '../../domain/legacy-attributes.ts';
import { Problem } from '../../domain/problem.ts';
import { type ProductTraits, unassignedProductId } from '../../domain/product.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ProductStore } from '../../ports/store/catalogue-stores.ts';

/** How legacy clients say which product they mean: by its id, or by the first four of its traits. */
export interface ProductWish
  extends Pick<LegacyAttributes, 'manufacturerId' | 'deviceType' | 'model' | 'protocolType' | 'manufacturerName'> {
  readonly productId?: ProductId;
}

export interface ProductChoiceParts {
  readonly store: { readonly products: ProductStore };
  readonly clock: Clock;
  readonly random: Random;
}

/** Undefined: it does not say. Problems: productNotFound. */
export async function chooseProduct(
  { store }: Pick<ProductChoiceParts, 'store'>,
  app: App,
  wish: ProductWish,
): Promise<ProductId | undefined> {
  if (wish.productId !== undefined) {
    const product = await store.products.find(app.projectId, wish.productId, app.appId);
    if (product === undefined) throw new Problem('productNotFound', { field: 'productId' });
    return product.productId;
  }
  const traits = lookupTraits(wish);
  if (traits === undefined) return undefined;
  // Legacy 10.5: the oldest match.
  const [productId] = await store.products.listByTraits(app, traits, 1);
  if (productId === undefined) throw new Problem('productNotFound');
  return productId;
}

type LookupTraits = Omit<ProductTraits, 'manufacturerName'>;

/** Legacy 10.5: all four, or nothing can be looked up. */
function lookupTraits({ manufacturerId, deviceType, model, protocolType }: ProductWish): LookupTraits | undefined {
  if (manufacturerId === undefined || deviceType === undefined) return undefined;
  return model === undefined || protocolType === undefined
    ? undefined
    : { manufacturerId, deviceType, model, protocolType };
}

/**
 * Where a device goes that is to be of another product; undefined: it stays. What the wish leaves open is as the device shows it now, so
 * that clients may say it bit by bit. Problems: productNotFound.
 */
export async function chooseNextProduct(
  parts: Pick<ProductChoiceParts, 'store'>,
  app: App,
  { wish, shown }: { readonly wish: ProductWish; readonly shown: Partial<ProductTraits> },
): Promise<ProductId | undefined> {
  const { productId, manufacturerName: _, ...said } = wish;
  if (productId !== undefined) return chooseProduct(parts, app, { productId });
  if (Object.values(said).every((value) => value === undefined)) return undefined;
  const wanted = { ...shownWish(shown), ...said };
  const isShown = Object.entries(said).every(([name, value]) => shown[name as keyof ProductTraits] === value);
  // Several products may look alike: the own one is as good as an older one.
  return isShown ? undefined : chooseProduct(parts, app, wanted);
}

const shownWish = ({ manufacturerId, deviceType, model, protocolType }: Partial<ProductTraits>): ProductWish => ({
  ...(manufacturerId === undefined ? {} : { manufacturerId }),
  ...(deviceType === undefined ? {} : { deviceType }),
  ...(model === undefined ? {} : { model }),
  ...(protocolType === undefined ? {} : { protocolType }),
});

/** Makes sure that the application has it. */
export async function needUnassigned(
  { store, clock, random }: ProductChoiceParts,
  { projectId, appId }: App,
): Promise<ProductId> {
  if ((await store.products.find(projectId, unassignedProductId, appId)) !== undefined) return unassignedProductId;
  const product = {
    ...{ projectId, appId, productId: unassignedProductId, createdAt: clock.now() },
    recordId: asId<RecordId>(random.orderedId()),
    ...{
      name: unassignedProductId,
      deviceType: unassignedProductId,
      protocolType: 'MQTT',
      dataFormat: 'json' as const,
    },
    ...{ capabilities: [], description: 'Devices that have no product yet.' },
  };
  try {
    // It is nobody's choice to have it: it does not count.
    await store.products.insert(product, Number.MAX_SAFE_INTEGER);
  } catch (error) {
    // Two devices came at once.
    if (!(error instanceof Problem) || error.problem !== 'productExists') throw error;
  }
  return unassignedProductId;
}
