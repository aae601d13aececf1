import type { AppId, ProductId, ProjectId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProductStore } from '../../ports/store/catalogue-stores.ts';

export interface UserTopics {
  /** device 3.1: without a list on the product every user topic is declared. `suffix` follows `$oc/devices/{id}/user/`. */
  isDeclared(product: ProductRef, suffix: string): Promise<boolean>;
}

export interface ProductRef {
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId: ProductId;
}

interface Entry {
  readonly topics: Promise<ReadonlySet<string> | undefined>;
  readonly until: number;
}

/** A changed list counts after this at the latest; a device's stream of messages costs one look-up in that time. */
const freshMs = 2000;
const productsMax = 1000;

export function createUserTopics(products: Pick<ProductStore, 'find'>, clock: Clock): UserTopics {
  const known = new Map<string, Entry>();

  async function read({ projectId, appId, productId }: ProductRef): Promise<ReadonlySet<string> | undefined> {
    const product = await products.find(projectId, productId, appId);
    return product?.customTopics && new Set(product.customTopics);
  }

  function topicsOf(product: ProductRef): Entry['topics'] {
    const key = `${product.appId}/${product.productId}`;
    const entry = known.get(key);
    if (entry !== undefined && entry.until > clock.now()) return entry.topics;
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= productsMax && oldest !== undefined) known.delete(oldest);
    const topics = read(product);
    known.set(key, { topics, until: clock.now() + freshMs });
    // A failure is for those who wait for it now, not for those who come later.
    topics.catch(() => known.delete(key));
    return topics;
  }

  return {
    async isDeclared(product, suffix) {
      const topics = await topicsOf(product);
      return topics === undefined || topics.has(suffix);
    },
  };
}
