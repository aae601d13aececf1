import { type AppId, asId, type ProductId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import {
  capabilitiesBytesMax,
  capabilitiesMax,
  type Product,
  type ProductFields,
  type ServiceCapability,
} from '../domain/product.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { AppStore, ProductStore } from '../ports/store/catalogue-stores.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';

export interface CreateProduct {
  /** Absent: the default application. */
  readonly appId: AppId | undefined;
  /** Absent: generated. */
  readonly productId: ProductId | undefined;
  readonly fields: ProductFields;
}

/** Which product a call means: without `appId` that of the default application, else the oldest of that id (v5 5). */
export interface ProductPlace {
  readonly projectId: ProjectId;
  readonly productId: ProductId;
  readonly appId: AppId | undefined;
}

export interface ProductFilter {
  readonly projectId: ProjectId;
  readonly appId?: AppId;
  /** Exact. */
  readonly name?: string;
}

/** Products and their models (v5 5). An unknown application is appNotFound in every call. */
export interface ProductService {
  /** Problems: productExists, productLimit, invalidInput (`capabilities`). */
  create(projectId: ProjectId, command: CreateProduct): Promise<Product>;
  list(filter: ProductFilter, page: PageRequest): Promise<Page<Product>>;
  /** Problems: productNotFound. */
  get(place: ProductPlace): Promise<Product>;
  /** What is absent stays as it is. Problems: productNotFound, invalidInput (`capabilities`, `protocolType`). */
  update(place: ProductPlace, changes: Partial<ProductFields>): Promise<Product>;
  /** Problems: productNotFound, productInUse. */
  delete(place: ProductPlace): Promise<void>;
}

export interface ProductServiceParts {
  readonly store: { readonly apps: AppStore; readonly products: ProductStore };
  readonly clock: Clock;
  readonly random: Random;
  /** Per project (MUSTER_PRODUCTS_MAX). */
  readonly productsMax: number;
}

export function createProductService(parts: ProductServiceParts): ProductService {
  const { store } = parts;
  const get = async ({ projectId, productId, appId }: ProductPlace): Promise<Product> => {
    await checkAppFilter(store.apps, projectId, appId);
    const product = await store.products.find(projectId, productId, appId);
    if (product === undefined) throw new Problem('productNotFound');
    return product;
  };
  return {
    create: (projectId, command) => create(parts, projectId, command),
    list: async (filter, page) => {
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.products.list(filter, page);
    },
    get,
    update: async (place, changes) => {
      const product = await get(place);
      refuseCoap(product, changes);
      if (changes.capabilities !== undefined) checkCapabilities(changes.capabilities);
      return store.products.update(product, changes);
    },
    delete: async (place) => store.products.delete(await get(place)),
  };
}

async function create(
  { store, clock, random, productsMax }: ProductServiceParts,
  projectId: ProjectId,
  command: CreateProduct,
): Promise<Product> {
  checkCapabilities(command.fields.capabilities);
  const app = await owningApp(store.apps, projectId, command.appId);
  const product = {
    ...command.fields,
    recordId: asId<RecordId>(random.orderedId()),
    projectId,
    appId: app.appId,
    productId: command.productId ?? asId<ProductId>(random.orderedId()),
    createdAt: clock.now(),
  };
  return store.products.insert(product, productsMax);
}

/** v5 5: at most 500 services, unique ids, 500 KB together. */
function checkCapabilities(capabilities: readonly ServiceCapability[]): void {
  if (capabilities.length > capabilitiesMax) {
    throw invalid('capabilities', `must have at most ${capabilitiesMax} entries`);
  }
  const seen = new Set<string>();
  for (const [index, { service_id }] of capabilities.entries()) {
    if (seen.has(service_id)) throw invalid(`capabilities[${index}].serviceId`, 'is already the id of another service');
    seen.add(service_id);
  }
  if (Buffer.byteLength(JSON.stringify(capabilities)) > capabilitiesBytesMax) {
    throw invalid('capabilities', `must have at most ${capabilitiesBytesMax} bytes as JSON`);
  }
}

/** v5 5: a product does not become a CoAP one; what is one already stays one. */
function refuseCoap(product: Product, { protocolType }: Partial<ProductFields>): void {
  if (protocolType === 'CoAP' && product.protocolType !== 'CoAP') {
    throw invalid('protocolType', 'cannot be changed to CoAP');
  }
}
