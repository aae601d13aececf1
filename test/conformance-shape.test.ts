import { Application, ListDevicesResponse, ShowMessageResponse } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import { shapeFault } from '../scripts/conformance/shape.ts';

const app = { app_id: 'a', app_name: 'Line 3', create_time: '20260301T080000Z', default_app: false };

describe('the shape of an answer', () => {
  it('is right where the schema says so, free JSON included', () => {
    expect(shapeFault(Application, app)).toBeUndefined();
    expect(shapeFault(ListDevicesResponse, { devices: [], page: { count: 0, marker: null } })).toBeUndefined();
    expect(shapeFault(ShowMessageResponse, {})).toBeUndefined();
    expect(shapeFault(ShowMessageResponse, { message: { any: null } })).toBeUndefined();
  });

  it('is wrong where a member is missing or of another type', () => {
    const { app_name: _, ...nameless } = app;
    expect(shapeFault(Application, nameless)).toContain("'app_name' is missing");
    expect(shapeFault(Application, { ...app, default_app: 'no' })).toContain("'default_app' must be true or false");
    expect(shapeFault(Application, [app])).toContain('must be an object');
  });

  it('is wrong where a member is in no schema, at any depth', () => {
    expect(shapeFault(Application, { ...app, owner: 1 })).toBe("'owner' is in no schema");
    const page = { count: 0, marker: null, next: 'x' };
    expect(shapeFault(ListDevicesResponse, { devices: [], page })).toBe("'page.next' is in no schema");
  });

  it('is wrong where null stands for an absent member', () => {
    expect(shapeFault(ShowMessageResponse, { name: null })).toBe("'name' is null instead of absent");
  });
});
