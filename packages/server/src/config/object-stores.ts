import { isIP } from 'node:net';
import type { ObjectStoreSettings } from '../domain/object-store-settings.ts';

/** By the `region_name` that packages give. */
export type ObjectStoresSetting = Readonly<Record<string, ObjectStoreSettings>>;

const storesMax = 100;
const regionName = /^[A-Za-z0-9-]{1,256}$/;
const fields = ['endpoint', 'region', 'accessKeyId', 'secretAccessKey', 'pathStyle'];

/** JSON, or the object itself in a settings file. Throws a sentence that begins with `must`, names the field and shows no value. */
export function parseObjectStores(raw: unknown): ObjectStoresSetting {
  const entries = Object.entries(objectOf(typeof raw === 'string' ? jsonOf(raw) : raw, ''));
  if (entries.length === 0 || entries.length > storesMax) throw new Error(`must have 1 to ${storesMax} regions`);
  return Object.fromEntries(
    entries.map(([region, store]) => {
      if (!regionName.test(region)) throw new Error('must have regions named with 1 to 256 letters, digits and -');
      return [region, parseStore(store, region)];
    }),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A syntax error's sentence quotes the text, secrets included.
    throw new Error('must be valid JSON');
  }
}

function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(path === '' ? 'must be a JSON object of regions' : `must have an object in ${path}`);
}

function parseStore(value: unknown, path: string): ObjectStoreSettings {
  const store = objectOf(value, path);
  // A name that is not known may be a secret at the wrong place, so it is not shown either.
  if (Object.keys(store).some((name) => !fields.includes(name))) {
    throw new Error(`must have no other fields in ${path} than ${fields.join(', ')}`);
  }
  const { pathStyle = true } = store;
  if (typeof pathStyle !== 'boolean') throw new Error(`must have true or false in ${path}.pathStyle`);
  return {
    endpoint: endpointOf(store['endpoint'], { path: `${path}.endpoint`, pathStyle }),
    region: textOf(store['region'], regionName, `letters, digits and - in ${path}.region`),
    accessKeyId: textOf(store['accessKeyId'], /^[!-~]{1,128}$/, `an access key in ${path}.accessKeyId`),
    secretAccessKey: textOf(store['secretAccessKey'], /^[!-~]{1,256}$/, `a secret key in ${path}.secretAccessKey`),
    pathStyle,
  };
}

function textOf(value: unknown, shape: RegExp, wanted: string): string {
  if (typeof value === 'string' && shape.test(value)) return value;
  throw new Error(`must have ${wanted}`);
}

function endpointOf(value: unknown, { path, pathStyle }: { path: string; pathStyle: boolean }): string {
  const url = typeof value === 'string' && /^https?:\/\/[^\s?#@\\]+$/.test(value) ? URL.parse(value) : null;
  if (url === null) throw new Error(`must have an http:// or https:// URL without user name and query in ${path}`);
  if (!pathStyle && isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) {
    throw new Error(`must have a host name in ${path} where pathStyle is false`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
