import { createHash } from 'node:crypto';
import { Problem } from '../domain/problem.ts';

/** Deeper than any document of the contract; beyond, code that walks what it is given would run out of stack. */
const jsonDepthMax = 100;

/** Members of all objects of a body together. Each costs far more time than its bytes; the longest lists of the contract are arrays. */
const jsonMembersMax = 50_000;

/** What follows a comma anywhere in a body: items of arrays, and members. */
const jsonCommasMax = 400_000;

const badRequest = (detail: string): Problem => new Problem('badRequest', { args: [detail] });

/** Lower hex. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether a Content-Type is JSON; absent counts as JSON. */
export function isJsonMediaType(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType.trim() === '') return true;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (!/^application\/(?:[a-z0-9.-]+\+)?json$/.test(type)) return false;
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}

/** v5 1, Empty bodies: no bytes count as `{}`, whatever the media type. Problems: badRequest. */
export function parseJsonBody(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return {};
  if (!isJsonMediaType(contentType)) throw badRequest('The Content-Type must be application/json in UTF-8.');
  return parseJson(bytes);
}

/** Whatever the media type. A byte-order mark is skipped. Problems: badRequest. */
export function parseJson(bytes: Buffer): unknown {
  const excess = findExcess(bytes);
  if (excess !== undefined) throw badRequest(excess);
  const value = parseStrict(bytes);
  if (holdsPrototypeKey(bytes, value)) throw badRequest("The key '__proto__' is not allowed.");
  if (holdsInfinity(bytes, value)) throw badRequest('A number is out of range.');
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseStrict(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The parser's own sentence may quote the body, secrets included.
    throw badRequest('The request body is not valid JSON in UTF-8.');
  }
}

const [openBrace, closeBrace, openBracket, closeBracket, quote, backslash, colon, comma] = Buffer.from('{}[]"\\:,');

/** What there is too much of, in a sentence. One pass over the bytes, before the parser makes objects of them. */
function findExcess(bytes: Buffer): string | undefined {
  let [depth, members, commas] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at + 1);
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > jsonDepthMax) return `The JSON is nested deeper than ${jsonDepthMax} levels.`;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
    else if (byte === colon) {
      if (++members > jsonMembersMax) return `The JSON has more than ${jsonMembersMax} object members.`;
    } else if (byte === comma && ++commas > jsonCommasMax) {
      return `The JSON has more than ${jsonCommasMax} array elements and object members.`;
    }
  }
  return undefined;
}

/** Where the closing quote is, or the end of the bytes. */
function endOfText(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}

// The decoders are safe from such a key, but free-form documents are handed on whole.
function holdsPrototypeKey(bytes: Buffer, value: unknown): boolean {
  // Either spelled out or with any of its letters escaped; everybody else pays for two searches only.
  if (!bytes.includes('__proto__') && !bytes.includes('\\u00')) return false;
  return walk(value);
}

function walk(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(walk);
}

/** What is read as Infinity has an exponent, or 309 digits before the point. */
const mayOverflow = /[0-9.][eE]\+?[0-9]|[0-9]{309}/;

/** The parser reads a number that is too large as Infinity, and what is written of it again is null. */
const holdsInfinity = (bytes: Buffer, value: unknown): boolean =>
  mayOverflow.test(bytes.toString('latin1')) && isEndless(value);

function isEndless(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isEndless);
}
