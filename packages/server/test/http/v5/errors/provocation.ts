import type { HttpAnswer } from '../../../support/http-client.ts';
import { startMatrix } from '../authorization/calls.ts';

/** A project with something of everything, and a call of it by its admin. */
export async function setErrorScene() {
  const { api, scope, keys, other, objects } = await startMatrix();
  const { given } = api;
  const properties = [
    { property_name: 'speed', data_type: 'int', method: 'R' },
    { property_name: 'target', data_type: 'int', method: 'RW' },
  ];
  const capabilities = [{ service_id: 'Motor', service_type: 'Motor', properties, commands: [{ command_name: 'go' }] }];
  const product = await given.product(scope, { capabilities });
  const gateway = await given.device(scope, { product, online: true });
  const child = await given.device(scope, { product, parent: gateway });
  const device = await given.device(scope, { product });
  const group = await given.group(scope, { members: [device.deviceId] });
  const call = (method: string, path: string, body?: unknown): Promise<HttpAnswer> => api.ofProject(method, path, body);
  return { api, scope, keys, other, objects, product, gateway, child, device, group, call };
}

export type ErrorScene = Awaited<ReturnType<typeof setErrorScene>>;

/** How an error is come by. */
export interface Provocation {
  /** Status and six digits: `404 014000`. */
  readonly error: string;
  of(scene: ErrorScene): Promise<HttpAnswer>;
}
