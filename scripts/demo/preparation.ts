import { randomBytes } from 'node:crypto';
import type { V5Client } from '@muster/sdk';

const firmwareBytes = 64 * 1024;
const targetVersion = '2.4.0';

/** A product with one command, `setSpeed` of the service `Motor`. Returns its id. */
export async function createProduct(client: V5Client): Promise<string> {
  const product = await client.products.create({
    name: 'demo_press',
    manufacturer_name: 'Muster',
    device_type: 'press',
    protocol_type: 'MQTT',
    data_format: 'json',
    service_capabilities: [
      {
        service_id: 'Motor',
        service_type: 'Motor',
        commands: [{ command_name: 'setSpeed', paras: [{ para_name: 'speed', data_type: 'int' }] }],
      },
    ],
  });
  return product.product_id;
}

/** An active rule that pushes every status change of a batch task to this address. */
export async function forwardTaskUpdates(client: V5Client, url: string): Promise<void> {
  const rule = await client.rules.create({ rule_name: 'demo', subject: { resource: 'batchtask', event: 'update' } });
  await client.actions.create({
    rule_id: rule.rule_id,
    channel: 'HTTP_FORWARDING',
    channel_detail: { http_forwarding: { url } },
  });
  await client.rules.update(rule.rule_id, { active: true });
}

/** Random bytes as firmware 2.4.0 of the product. Returns the id of the package. */
export async function uploadFirmware(client: V5Client, productId: string): Promise<string> {
  const { applications } = await client.apps.list({ default_app: true });
  const file = await client.packages.uploadFile(new Blob([randomBytes(firmwareBytes)]), 'press-2.4.0.bin');
  const created = await client.packages.create({
    app_id: applications[0]?.app_id ?? '',
    product_id: productId,
    package_type: 'firmwarePackage',
    version: targetVersion,
    file_location: { local_location: { file_id: file.file_id } },
  });
  return created.package_id;
}
