import type { Decoded } from '@muster/contract';
import type { CreateProductRequest, ListProductsQuery, UpdateProductRequest } from '@muster/contract/v5';
import { type AppId, asId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { ProductFields, ServiceCapability } from '../../../domain/product.ts';
import type { CreateProduct, ProductFilter, ProductPlace } from '../../../services/products.ts';
import type { FieldNames } from '../field-names.ts';
import { present } from '../../../domain/present.ts';
import { givenId } from '../given.ts';

type CreateBody = Decoded<typeof CreateProductRequest>;
type UpdateBody = Decoded<typeof UpdateProductRequest>;

export const productFieldNames: FieldNames = { capabilities: 'service_capabilities' };

export function decodeCreateProduct(body: CreateBody): CreateProduct {
  const { name, device_type, protocol_type, data_format, service_capabilities } = body;
  return {
    appId: givenId<AppId>(body.app_id),
    productId: givenId<ProductId>(body.product_id),
    fields: {
      name,
      deviceType: device_type,
      protocolType: protocol_type,
      dataFormat: data_format,
      // Checked by the schema; the domain keeps the wire's own spelling of the model.
      capabilities: service_capabilities as readonly ServiceCapability[],
      ...decodeOptional(body),
    },
  };
}

export function decodeProductChanges(body: UpdateBody): Partial<ProductFields> {
  return {
    ...present({
      name: body.name,
      deviceType: body.device_type,
      protocolType: body.protocol_type,
      dataFormat: body.data_format,
      capabilities: body.service_capabilities as readonly ServiceCapability[] | undefined,
    }),
    ...decodeOptional(body),
  };
}

function decodeOptional(body: CreateBody | UpdateBody) {
  return present({
    manufacturerName: body.manufacturer_name,
    industry: body.industry,
    description: body.description,
    model: body.model,
    manufacturerId: body.manufacturer_id,
    customTopics: body.custom_topics,
  });
}

export function decodeProductPlace(projectId: ProjectId, productId: string, appId: string | undefined): ProductPlace {
  return { projectId, productId: asId<ProductId>(productId), appId: givenId<AppId>(appId) };
}

export function decodeProductFilter(projectId: ProjectId, query: Decoded<typeof ListProductsQuery>): ProductFilter {
  return present({ projectId, appId: query.app_id as AppId | undefined, name: query.product_name });
}
