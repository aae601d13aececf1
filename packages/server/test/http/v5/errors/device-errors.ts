import type { Provocation } from './provocation.ts';

const nobody = 'f0'.repeat(12);
const large = (bytes: number): string => 'x'.repeat(bytes);

/** v5 9. */
export const deviceErrors: readonly Provocation[] = [
  {
    error: '400 013002',
    of: ({ call, device }) => {
      const shadow = [{ service_id: 'Motor', desired: { speed: 1 } }];
      return call('PUT', `/devices/${device.deviceId}/shadow`, { shadow });
    },
  },
  {
    error: '403 014016',
    of: ({ call, device }) => call('POST', `/devices/${device.deviceId}/commands`, { paras: {} }),
  },
  {
    error: '400 014108',
    of: ({ call, device }) => {
      const unknown = { service_id: 'Motor', command_name: 'fly', paras: {} };
      return call('POST', `/devices/${device.deviceId}/commands`, unknown);
    },
  },
  {
    error: '404 014130',
    of: ({ call, device }) => call('GET', `/devices/${device.deviceId}/async-commands/${nobody}`),
  },
  {
    error: '400 014131',
    of: async ({ call, device }) => {
      const message = { message_id: 'twice', message: 'm' };
      await call('POST', `/devices/${device.deviceId}/messages`, message);
      return call('POST', `/devices/${device.deviceId}/messages`, message);
    },
  },
  {
    error: '403 014132',
    of: async ({ call, device }) => {
      const path = `/devices/${device.deviceId}/async-commands`;
      for (let n = 0; n < 20; n += 1) await call('POST', path, { paras: {} });
      return call('POST', path, { paras: {} });
    },
  },
  {
    error: '400 014133',
    of: ({ call, device }) => {
      const shadow = [{ service_id: 'Motor', desired: { target: 1 }, version: 7 }];
      return call('PUT', `/devices/${device.deviceId}/shadow`, { shadow });
    },
  },
  {
    error: '400 014134',
    of: ({ call, device }) =>
      call('POST', `/devices/${device.deviceId}/async-commands`, { paras: { text: large(32 * 1024) } }),
  },
];
