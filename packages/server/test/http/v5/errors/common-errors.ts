import type { Provocation } from './provocation.ts';

/** v5 1 and 2: what any call may be refused with. */
export const commonErrors: readonly Provocation[] = [
  {
    error: '401 000002',
    of: ({ api, scope }) => api.sendAs(undefined, { method: 'GET', path: `/v5/iot/${scope.projectId}/apps` }),
  },
  { error: '400 000006', of: ({ call }) => call('POST', '/apps', { app_name: 'a b' }) },
  { error: '400 000008', of: ({ call }) => call('POST', '/apps', JSON.parse('[[[['.repeat(30) + ']]]]'.repeat(30))) },
  { error: '413 000008', of: ({ call }) => call('POST', '/apps', { app_name: 'x'.repeat(8 * 1024 * 1024) }) },
  { error: '400 000009', of: ({ call }) => call('GET', '/devices?start_time=2026-01-01') },
  {
    error: '400 000010',
    of: ({ call }) => call('GET', '/devices?start_time=20260102T000000Z&end_time=20260101T000000Z'),
  },
  { error: '400 000017', of: ({ call }) => call('GET', '/devices?limit=51') },
  { error: '400 000018', of: ({ call }) => call('GET', '/devices?offset=501') },
  { error: '403 000021', of: ({ api, other }) => api.send('GET', `/v5/iot/${other.projectId}/apps`) },
  {
    error: '403 000022',
    of: ({ api, scope, keys }) =>
      api.sendAs(keys.viewer, { method: 'POST', path: `/v5/iot/${scope.projectId}/apps`, body: { app_name: 'a' } }),
  },
  { error: '404 000029', of: ({ call }) => call('GET', '/nothing') },
];
