import type { V5Call } from './route.ts';

/** v5 13.7, and "no secrets" for a viewer (operations page, Administration): whoever may change a device may see its secret. */
export const maySeeDeviceSecrets = ({ may }: Pick<V5Call, 'may'>): boolean =>
  may('iotda:devices:query') && may('iotda:devices:update');
