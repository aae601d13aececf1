import { type Given, type Json, formOf, packageBody } from './given.ts';
import type { Scenario, Scenarios } from './scenario.ts';

const command = { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } };
const shadow = { shadow: [{ service_id: 'Motor', desired: { speed: 7 } }] };

const asyncCommands = '{P}/devices/{device_id}/async-commands';

/** A device that never connected, with one command that waits for it. */
async function waitingCommand(given: Given): Promise<{ device_id: string; command_id: string }> {
  const params = { device_id: await given.device() };
  const json = { ...command, send_strategy: 'delay' };
  const { command_id } = await given.ask('POST', asyncCommands, { params, json });
  return { ...params, command_id: String(command_id) };
}

async function waitingMessage(given: Given): Promise<{ device_id: string; message_id: string }> {
  const params = { device_id: await given.device() };
  const json = { message: { hello: 'there' }, name: 'greeting' };
  const { message_id } = await given.ask('POST', '{P}/devices/{device_id}/messages', { params, json });
  return { ...params, message_id: String(message_id) };
}

const wanted: Scenario = async (given) => {
  const params = { device_id: await given.device() };
  await given.ask('PUT', '{P}/devices/{device_id}/shadow', { params, json: shadow });
  return { params };
};

/** v5 9. */
const deviceScenarios: Scenarios = {
  'POST {P}/devices/{device_id}/commands': ({ connectedDevice }) => ({
    params: { device_id: connectedDevice },
    json: command,
  }),
  'POST {P}/devices/{device_id}/async-commands': async (given) => ({
    params: { device_id: await given.device() },
    json: { ...command, expire_time: 60, send_strategy: 'delay' },
  }),
  'GET {P}/devices/{device_id}/async-commands': async (given) => ({
    params: await waitingCommand(given),
    query: { status: 'PENDING', limit: 50 },
  }),
  'GET {P}/devices/{device_id}/async-commands-history': async (given) => {
    const params = { device_id: given.connectedDevice };
    await given.ask('POST', asyncCommands, { params, json: { ...command, send_strategy: 'immediately' } });
    return { params, query: { limit: 50 } };
  },
  'POST {P}/devices/{device_id}/async-commands-history/count': ({ connectedDevice }) => ({
    params: { device_id: connectedDevice },
    json: {},
  }),
  'GET {P}/devices/{device_id}/async-commands/{command_id}': async (given) => ({ params: await waitingCommand(given) }),

  'POST {P}/devices/{device_id}/messages': async (given) => ({
    params: { device_id: await given.device() },
    json: { message: 'hello', ttl: 5 },
  }),
  'GET {P}/devices/{device_id}/messages': async (given) => ({ params: await waitingMessage(given) }),
  'GET {P}/devices/{device_id}/messages/{message_id}': async (given) => ({ params: await waitingMessage(given) }),
  'DELETE {P}/devices/{device_id}/messages/{message_id}': async (given) => ({ params: await waitingMessage(given) }),

  'GET {P}/devices/{device_id}/properties': ({ connectedDevice }) => ({
    params: { device_id: connectedDevice },
    query: { service_id: 'Motor' },
  }),
  'PUT {P}/devices/{device_id}/properties': ({ connectedDevice }) => ({
    params: { device_id: connectedDevice },
    json: { services: [{ service_id: 'Motor', properties: { speed: 5 } }] },
  }),
  'GET {P}/devices/{device_id}/shadow': wanted,
  'PUT {P}/devices/{device_id}/shadow': async (given) => ({
    params: { device_id: await given.device() },
    json: shadow,
  }),
  'DELETE {P}/devices/{device_id}/shadow': wanted,
};

/** Of a product of its own: one has ten modules at most. */
const moduleBody = async (given: Given): Promise<Json> => ({
  app_id: given.appId,
  product_id: await given.product(),
  module_name: given.word('module'),
  alias_name: 'alias',
});

const otaModule = async (given: Given) => given.id('module_id', '{P}/ota-upgrades/modules', await moduleBody(given));

const ofModule =
  (more: Json = {}): Scenario =>
  async (given) => ({ params: { module_id: await otaModule(given) }, ...more });

/** v5 10. */
const packageScenarios: Scenarios = {
  'POST {P}/ota-upgrades/packages': async (given) => ({ json: packageBody(given, await given.packageFile()) }),
  'GET {P}/ota-upgrades/packages': async (given) => {
    await given.otaPackage();
    return { query: { package_type: 'firmwarePackage', app_id: given.appId, limit: 50 } };
  },
  'GET {P}/ota-upgrades/packages/{package_id}': async (given) => ({ params: { package_id: await given.otaPackage() } }),
  'DELETE {P}/ota-upgrades/packages/{package_id}': async (given) => ({
    params: { package_id: await given.otaPackage() },
  }),
  'POST {P}/ota-upgrades/package-files': (given) => ({ form: formOf(given.word('bytes'), 'firmware.bin') }),
  'POST {P}/ota-upgrades/modules': async (given) => ({ json: await moduleBody(given) }),
  'GET {P}/ota-upgrades/modules': (given) => ({ query: { app_id: given.appId, limit: 50 } }),
  'GET {P}/ota-upgrades/modules/{module_id}': ofModule(),
  'PUT {P}/ota-upgrades/modules/{module_id}': ofModule({ json: { alias_name: 'other', description: 'pump' } }),
  'DELETE {P}/ota-upgrades/modules/{module_id}': ofModule(),
};

export const downlinkScenarios: Scenarios = { ...deviceScenarios, ...packageScenarios };
