import type { AppId, ProductId, ProjectId, RecordId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';

/** v5 5, as sent; wire spelling, because it is stored, shown and matched by the names that the client chose. */
export interface ServiceCapability {
  readonly service_id: string;
  readonly service_type: string;
  readonly properties?: readonly ServiceProperty[];
  readonly commands?: readonly ServiceCommand[];
  readonly events?: readonly JsonObject[];
  readonly description?: string;
  readonly option?: string;
}

export interface ServiceProperty {
  readonly property_name: string;
  readonly data_type: string;
  readonly method: string;
  readonly default_value?: Json;
}

export interface ServiceCommand {
  readonly command_name: string;
  readonly paras?: readonly JsonObject[];
  readonly responses?: readonly JsonObject[];
}

export interface ProductFields {
  readonly name: string;
  readonly deviceType: string;
  readonly protocolType: string;
  readonly dataFormat: 'json' | 'binary';
  readonly capabilities: readonly ServiceCapability[];
  readonly manufacturerName?: string;
  readonly industry?: string;
  readonly description?: string;
  /** What legacy clients filter and match by; absent: `name`. */
  readonly model?: string;
  /** Absent: `manufacturerName`. */
  readonly manufacturerId?: string;
  /** Suffixes behind `$oc/devices/{device_id}/user/`; absent: every user topic is declared (device 3.1). */
  readonly customTopics?: readonly string[];
}

export interface NewProduct extends ProductFields {
  readonly recordId: RecordId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  /** Unique in the application (v5 5). */
  readonly productId: ProductId;
  readonly createdAt: number;
}

export interface Product extends NewProduct {
  readonly appName: string;
}

/** By what legacy clients find and filter products (legacy 4.1, 10.5). */
export interface ProductTraits {
  readonly deviceType: string;
  readonly model: string;
  readonly manufacturerName: string | undefined;
  readonly manufacturerId: string | undefined;
  readonly protocolType: string;
}

type TraitFields = Pick<
  Product,
  'name' | 'deviceType' | 'model' | 'manufacturerName' | 'manufacturerId' | 'protocolType'
>;

/** Legacy 10.5: model and manufacturer id default to the names. */
export function traitsOf({ name, model, deviceType, protocolType, ...maker }: TraitFields): ProductTraits {
  const { manufacturerName, manufacturerId = manufacturerName } = maker;
  return { deviceType, model: model ?? name, manufacturerName, manufacturerId, protocolType };
}

/** Of each application: where devices are that have no product yet (legacy 5.1). It is made when it is needed. */
export const unassignedProductId = 'unassigned' as ProductId;

/** What of a product decides about commands and properties. */
export type ProductModel = Pick<Product, 'capabilities'>;

/** v5 9: a service known to the model without that command is refused; an unknown service, or none named, is free. */
export function commandIsUndefined(model: ProductModel, serviceId?: string, commandName?: string): boolean {
  const service = model.capabilities.find((capability) => capability.service_id === serviceId);
  if (service === undefined) return false;
  return !(service.commands ?? []).some((command) => command.command_name === commandName);
}

/** The stricter rule of legacy clients (legacy 7): a model that has services has every one, with every command; one without says nothing. */
export function isInModel({ capabilities }: ProductModel, serviceId?: string, commandName?: string): boolean {
  const service = capabilities.find((capability) => capability.service_id === serviceId);
  if (service === undefined) return capabilities.length === 0;
  return (service.commands ?? []).some((command) => command.command_name === commandName);
}

export const capabilitiesMax = 500;
export const capabilitiesBytesMax = 500 * 1024;
