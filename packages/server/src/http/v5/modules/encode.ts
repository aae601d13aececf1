import type { OtaModule as WireModule } from '@muster/contract/v5';
import type { OtaModule } from '../../../domain/ota-module.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { present } from '../../../domain/present.ts';

export function encodeModule(module: OtaModule): WireModule {
  return {
    module_id: module.moduleId,
    app_id: module.appId,
    product_id: module.productId,
    product_name: module.productName,
    module_name: module.name,
    ...present({ alias_name: module.aliasName, description: module.description }),
    create_time: toBasicTime(module.createdAt),
  };
}
