import type { Product as WireProduct, ProductSummary } from '@muster/contract/v5';
import type { Product } from '../../../domain/product.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { present } from '../given.ts';

export function encodeProductSummary(product: Product): ProductSummary {
  return present({
    app_id: product.appId,
    app_name: product.appName,
    product_id: product.productId,
    name: product.name,
    device_type: product.deviceType,
    // Stored as the schema let it in.
    protocol_type: product.protocolType as WireProduct['protocol_type'],
    data_format: product.dataFormat,
    manufacturer_name: product.manufacturerName,
    industry: product.industry,
    description: product.description,
    model: product.model,
    manufacturer_id: product.manufacturerId,
    create_time: toBasicTime(product.createdAt),
  });
}

export function encodeProduct(product: Product): WireProduct {
  return {
    ...encodeProductSummary(product),
    service_capabilities: product.capabilities as unknown as WireProduct['service_capabilities'],
    ...present({ custom_topics: product.customTopics === undefined ? undefined : [...product.customTopics] }),
  };
}
