import { optionalText } from './command.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { invalid } from './problem.ts';
import type { DesiredWrite } from './shadow.ts';

const serviceIdMax = 64;
/** Of a single call: as many services as a product may declare (v5 5). */
const servicesMax = 500;
/** v5 11.3. */
const documentServicesMax = 5;
const documentBytesMax = 10 * 1024;

/** v5 9, Shadow: the single call's wire body (null = absent) -> writes. Problems: invalidInput naming the field. */
export function parseShadow(body: JsonObject): readonly DesiredWrite[] {
  return parseWrites(body, servicesMax).map(({ write, entry, path }) => {
    const version = entry['version'];
    if (version === undefined || version === null) return write;
    if (typeof version !== 'number' || !Number.isInteger(version))
      throw invalid(`${path}.version`, 'must be an integer');
    return { ...write, version };
  });
}

/** v5 11.3: the document of updateDeviceShadows. Problems: invalidInput naming the field. */
export function parseShadowDocument(document: JsonObject): readonly DesiredWrite[] {
  const writes = parseWrites(document, documentServicesMax).map(({ write }) => write);
  if (Buffer.byteLength(JSON.stringify(document)) > documentBytesMax) {
    throw invalid('document', `must have at most ${documentBytesMax} bytes as JSON`);
  }
  return writes;
}

interface ParsedWrite {
  readonly write: DesiredWrite;
  readonly entry: JsonObject;
  readonly path: string;
}

function parseWrites(body: JsonObject, max: number): readonly ParsedWrite[] {
  const { shadow } = body;
  if (!Array.isArray(shadow) || shadow.length === 0 || shadow.length > max) {
    throw invalid('shadow', `must be a list of 1 to ${max} services`);
  }
  const seen = new Set<string>();
  return (shadow as readonly Json[]).map((entry, index) => {
    const parsed = parseWrite(entry, `shadow[${index}]`);
    const { serviceId } = parsed.write;
    if (seen.has(serviceId)) throw invalid(`${parsed.path}.service_id`, 'is already the id of another entry');
    seen.add(serviceId);
    return parsed;
  });
}

function parseWrite(entry: Json, path: string): ParsedWrite {
  if (!isJsonObject(entry)) throw invalid(path, 'must be an object');
  const serviceId = optionalText(entry, { field: 'service_id', max: serviceIdMax, path: `${path}.service_id` });
  if (serviceId === undefined || serviceId === '') throw invalid(`${path}.service_id`, 'is required');
  if (serviceId.includes('\0') || !serviceId.isWellFormed()) {
    throw invalid(`${path}.service_id`, 'must be text without NUL and without half a surrogate pair');
  }
  const { desired } = entry;
  if (!isJsonObject(desired)) throw invalid(`${path}.desired`, 'an object is required');
  checkShadowKeys(desired, `${path}.desired`);
  return { write: { serviceId, desired }, entry, path };
}

/** v5 9: a key cannot be a path of the shadow. `field`: named in the problem. */
export function checkShadowKeys(value: Json, field: string): void {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) checkShadowKeys(item, field);
  if (!isJsonObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (/[.$\0]/.test(key)) throw invalid(field, "must not have keys with '.', '$' or NUL");
    checkShadowKeys(member, field);
  }
}
