/** What the two signing algorithms put into `Authorization` (v5 2.2, 2.3). */
export interface SignedAuthorization {
  readonly algorithm: SigningAlgorithm;
  readonly accessKey: string;
  /** `yyyyMMdd/region/service`; of V11 only. */
  readonly info: string | undefined;
  readonly signedHeaders: readonly string[];
  /** 64 hex digits, lower case. */
  readonly signature: string;
}

export type SigningAlgorithm = 'SDK-HMAC-SHA256' | 'V11-HMAC-SHA256';

const algorithms: readonly SigningAlgorithm[] = ['SDK-HMAC-SHA256', 'V11-HMAC-SHA256'];

/** v5 2: a known algorithm decides how a call is authenticated; undefined for every other scheme. */
export function algorithmOf(authorization: string | undefined): SigningAlgorithm | undefined {
  const scheme = authorization?.split(' ', 1)[0];
  return algorithms.find((algorithm) => algorithm === scheme);
}

/** Undefined where the header does not have exactly the members of its algorithm, each well-formed. */
export function parseAuthorization(authorization: string): SignedAuthorization | undefined {
  const algorithm = algorithmOf(authorization);
  if (algorithm === undefined) return undefined;
  const members = parseMembers(authorization.slice(algorithm.length));
  const who = algorithm === 'SDK-HMAC-SHA256' ? 'Access' : 'Credential';
  const names = members?.get('SignedHeaders');
  const signature = members?.get('Signature')?.toLowerCase();
  const named = splitCredential(algorithm, members?.get(who));
  if (members?.size !== 3 || named === undefined || names === undefined || signature === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const signedHeaders = names.split(';');
  if (!areHeaderNames(signedHeaders)) return undefined;
  return { algorithm, ...named, signedHeaders, signature };
}

function parseMembers(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  for (const part of text.split(',')) {
    const match = /^\s*([A-Za-z]+)=(\S+)\s*$/.exec(part);
    if (match === null) return undefined;
    const [, name = '', value = ''] = match;
    if (members.has(name)) return undefined;
    members.set(name, value);
  }
  return members;
}

function splitCredential(
  algorithm: SigningAlgorithm,
  credential: string | undefined,
): Pick<SignedAuthorization, 'accessKey' | 'info'> | undefined {
  if (credential === undefined || credential.length > 512) return undefined;
  if (algorithm === 'SDK-HMAC-SHA256') return { accessKey: credential, info: undefined };
  const slash = credential.indexOf('/');
  if (slash < 1) return undefined;
  return { accessKey: credential.slice(0, slash), info: credential.slice(slash + 1) };
}

// v5 2.2: lower-case and sorted; strictly rising also means that none is named twice.
function areHeaderNames(names: readonly string[]): boolean {
  return names.every(
    (name, at) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && (at === 0 || (names[at - 1] ?? '') < name),
  );
}
