import { type Given, type Json, motor, productBody } from './given.ts';
import type { Scenario, Scenarios } from './scenario.ts';

const app = (given: Given) => given.id('app_id', '{P}/apps', { app_name: given.word('app') });
const group = (given: Given, more: Json = {}) =>
  given.id('group_id', '{P}/device-group', { name: given.word('group'), ...more });

const ofDevice =
  (more: Json = {}): Scenario =>
  async (given) => ({ params: { device_id: await given.device() }, ...more });

/** v5 4 and 5. */
const ownerScenarios: Scenarios = {
  'POST {P}/apps': (given) => ({ json: { app_name: given.word('app') } }),
  'GET {P}/apps': () => ({ query: { default_app: true } }),
  'GET {P}/apps/{app_id}': ({ appId }) => ({ params: { app_id: appId } }),
  'PUT {P}/apps/{app_id}': async (given) => ({
    params: { app_id: await app(given) },
    json: { app_name: given.word('renamed') },
  }),
  'DELETE {P}/apps/{app_id}': async (given) => ({ params: { app_id: await app(given) } }),

  'POST {P}/apps/{app_id}/legacy-secret': async (given) => ({ params: { app_id: await app(given) } }),
  'DELETE {P}/apps/{app_id}/legacy-secret': async (given) => ({ params: { app_id: await app(given) } }),
  'PUT {P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}': async (given) => ({
    params: { owner_app_id: await app(given), caller_app_id: given.appId },
  }),
  'DELETE {P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}': async (given) => ({
    params: { owner_app_id: given.appId, caller_app_id: await app(given) },
  }),

  'POST {P}/products': (given) => ({ json: productBody(given.word('product')) }),
  'GET {P}/products': ({ appId }) => ({ query: { app_id: appId, limit: 50 } }),
  'GET {P}/products/{product_id}': ({ productId }) => ({ params: { product_id: productId } }),
  'PUT {P}/products/{product_id}': async (given) => ({
    params: { product_id: await given.product() },
    json: { name: given.word('renamed'), service_capabilities: motor },
  }),
  'DELETE {P}/products/{product_id}': async (given) => ({ params: { product_id: await given.product() } }),
};

/** v5 6. */
const deviceScenarios: Scenarios = {
  'POST {P}/devices': (given) => ({ json: { node_id: given.word('node'), product_id: given.productId } }),
  'GET {P}/devices': ({ productId }) => ({ query: { product_id: productId, limit: 50 } }),
  'GET {P}/devices/{device_id}': ({ connectedDevice }) => ({ params: { device_id: connectedDevice } }),
  'PUT {P}/devices/{device_id}': ofDevice({ json: { device_name: 'renamed', extension_info: { row: 3 } } }),
  'DELETE {P}/devices/{device_id}': ofDevice(),
  'POST {P}/devices/{device_id}/freeze': ofDevice(),
  'POST {P}/devices/{device_id}/unfreeze': async (given) => {
    const params = { device_id: await given.device() };
    await given.ask('POST', '{P}/devices/{device_id}/freeze', { params });
    return { params };
  },
  'POST {P}/devices/{device_id}/action': ofDevice({
    query: { action_id: 'resetSecret' },
    json: { secret_type: 'SECONDARY' },
  }),
  'POST {P}/devices/{device_id}/reset-fingerprint': async (given) => {
    const auth_info = { auth_type: 'CERTIFICATES', fingerprint: 'a'.repeat(40) };
    return { params: { device_id: await given.device({ auth_info }) }, json: { fingerprint: 'b'.repeat(64) } };
  },
  'POST {P}/devices/{device_id}/change-gateway': async (given) => {
    const { child, otherGateway } = await given.gatewayChild();
    return { params: { device_id: child }, json: { gateway_id: otherGateway } };
  },
  'POST {P}/devices/{device_id}/list-device-group': async (given) => {
    const params = { device_id: await given.device(), group_id: await group(given) };
    await given.ask('POST', '{P}/device-group/{group_id}/action', {
      params,
      query: { action_id: 'addDevice', device_id: params.device_id },
    });
    return { params };
  },
  'POST {P}/search/query-devices': ({ productId }) => ({
    json: { sql: `select * from device where product_id = '${productId}' order by marker desc limit 2` },
  }),
};

/** v5 7 and 8. */
const groupScenarios: Scenarios = {
  'POST {P}/device-group': (given) => ({ json: { name: given.word('group'), description: 'line 3' } }),
  'GET {P}/device-group': async (given) => {
    await group(given);
    return { query: { group_type: 'STATIC', limit: 50 } };
  },
  'GET {P}/device-group/{group_id}': async (given) => ({ params: { group_id: await group(given) } }),
  'PUT {P}/device-group/{group_id}': async (given) => ({
    params: { group_id: await group(given) },
    json: { description: 'line 4' },
  }),
  'DELETE {P}/device-group/{group_id}': async (given) => ({ params: { group_id: await group(given) } }),
  'POST {P}/device-group/{group_id}/action': async (given) => ({
    params: { group_id: await group(given) },
    query: { action_id: 'addDevice', device_id: await given.device() },
  }),
  'GET {P}/device-group/{group_id}/devices': async (given) => {
    const params = { group_id: await group(given) };
    await given.ask('POST', '{P}/device-group/{group_id}/action', {
      params,
      query: { action_id: 'addDevice', device_id: await given.device() },
    });
    return { params, query: { limit: 50 } };
  },

  'POST {P}/tags/bind-resource': async (given) => ({ json: tagsOf(await given.device()) }),
  'POST {P}/tags/unbind-resource': async (given) => {
    const json = tagsOf(await given.device());
    await given.ask('POST', '{P}/tags/bind-resource', { json });
    return { json: { resource_type: 'device', resource_id: json.resource_id, tag_keys: ['line'] } };
  },
  'POST {P}/tags/query-resources': async (given) => {
    const { tags, ...json } = tagsOf(await given.device());
    await given.ask('POST', '{P}/tags/bind-resource', { json: { ...json, tags } });
    return { json: { resource_type: 'device', tags }, query: { limit: 50 } };
  },
};

function tagsOf(deviceId: string) {
  return { resource_type: 'device', resource_id: deviceId, tags: [{ tag_key: 'line', tag_value: '3' }] };
}

export const inventoryScenarios: Scenarios = { ...ownerScenarios, ...deviceScenarios, ...groupScenarios };
