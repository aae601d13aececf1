import type { Provocation } from './provocation.ts';

const press = { name: 'Press', device_type: 'Press', protocol_type: 'MQTT', service_capabilities: [] };
const nobody = 'f0'.repeat(12);

/** v5 4 to 8. */
export const inventoryErrors: readonly Provocation[] = [
  { error: '403 001000', of: ({ call }) => call('GET', `/apps/${nobody}`) },
  {
    error: '400 001001',
    of: async ({ call }) => {
      await call('POST', '/apps', { app_name: 'twice' });
      return call('POST', '/apps', { app_name: 'twice' });
    },
  },
  { error: '403 001002', of: ({ call, scope }) => call('DELETE', `/apps/${scope.appId}`) },
  {
    error: '403 001003',
    of: async ({ call }) => {
      for (let n = 1; n < 10; n += 1) await call('POST', '/apps', { app_name: `app${n}` });
      return call('POST', '/apps', { app_name: 'app10' });
    },
  },
  { error: '404 013000', of: ({ call }) => call('GET', `/products/${nobody}`) },
  { error: '400 013000', of: ({ call }) => call('POST', '/devices', { node_id: 'n', product_id: nobody }) },
  {
    error: '400 013001',
    of: ({ call, product }) => call('POST', '/products', { ...press, product_id: product.productId }),
  },
  { error: '403 013003', of: ({ call, product }) => call('DELETE', `/products/${product.productId}`) },
  { error: '404 014000', of: ({ call }) => call('GET', '/devices/nobody') },
  {
    error: '400 014000',
    of: ({ call }) =>
      call('POST', '/tags/bind-resource', { resource_type: 'device', resource_id: 'nobody', tags: [{ tag_key: 'k' }] }),
  },
  {
    error: '400 014031',
    of: ({ call, device }) => call('POST', '/devices', { node_id: device.nodeId, product_id: device.productId }),
  },
  { error: '403 014038', of: ({ call, child }) => call('POST', `/devices/${child.deviceId}/freeze`) },
  { error: '403 014040', of: ({ call, device }) => call('POST', `/devices/${device.deviceId}/unfreeze`) },
  { error: '403 014041', of: ({ call, gateway }) => call('DELETE', `/devices/${gateway.deviceId}`) },
  {
    error: '400 014042',
    of: ({ call, device, gateway }) =>
      call('POST', `/devices/${device.deviceId}/change-gateway`, { gateway_id: gateway.deviceId }),
  },
  {
    error: '400 014115',
    of: ({ call, device }) =>
      call('POST', '/devices', { node_id: 'n', product_id: device.productId, device_id: device.deviceId }),
  },
  { error: '404 015500', of: ({ call }) => call('GET', `/device-group/${nobody}`) },
  { error: '400 015500', of: ({ call }) => call('POST', '/device-group', { name: 'g', super_group_id: nobody }) },
  { error: '400 015501', of: ({ call, group }) => call('POST', '/device-group', { name: group.name }) },
  { error: '403 015502', of: ({ call, group }) => call('DELETE', `/device-group/${group.groupId}`) },
  {
    error: '403 015503',
    of: async ({ api, call, scope, group }) => {
      let deepest = group;
      for (let depth = 2; depth <= 5; depth += 1) {
        deepest = await api.given.group(scope, { superGroupId: deepest.groupId });
      }
      return call('POST', '/device-group', { name: 'g', super_group_id: deepest.groupId });
    },
  },
  {
    error: '400 015504',
    of: ({ call, group }) => {
      const rule = { group_type: 'DYNAMIC', dynamic_group_rule: "node_id = 'x'" };
      return call('POST', '/device-group', { name: 'g', super_group_id: group.groupId, ...rule });
    },
  },
  {
    error: '403 015520',
    of: ({ call, device }) => {
      const tags = Array.from({ length: 11 }, (_, n) => ({ tag_key: `k${n}` }));
      return call('POST', '/tags/bind-resource', { resource_type: 'device', resource_id: device.deviceId, tags });
    },
  },
  {
    error: '400 015521',
    of: ({ call, device }) => {
      const unbound = { resource_id: device.deviceId, tag_keys: ['nothing'] };
      return call('POST', '/tags/unbind-resource', { resource_type: 'device', ...unbound });
    },
  },
  { error: '400 015530', of: ({ call }) => call('POST', '/search/query-devices', { sql: 'drop table devices' }) },
];
