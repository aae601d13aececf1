import { present } from './present.ts';
import type { Product } from './product.ts';
import { toBasicTime } from './time.ts';

/** v5 5: a product as lists show it. */
export const productSummary = (product: Product) =>
  present({
    app_id: product.appId,
    app_name: product.appName,
    product_id: product.productId,
    name: product.name,
    device_type: product.deviceType,
    protocol_type: product.protocolType,
    data_format: product.dataFormat,
    manufacturer_name: product.manufacturerName,
    industry: product.industry,
    description: product.description,
    model: product.model,
    manufacturer_id: product.manufacturerId,
    create_time: toBasicTime(product.createdAt),
  });

export const shownProduct = (product: Product) => ({
  ...productSummary(product),
  service_capabilities: product.capabilities,
  ...present({ custom_topics: product.customTopics }),
});
