import { MusterError } from '@muster/sdk';
import { type Authorizer, createSigner, createTokenBearer } from '../../packages/sdk/src/credentials.ts';
import { createTransport, type Query } from '../../packages/sdk/src/transport.ts';

/** What one call sends. Parameters fill the braces of its path. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Place {
  readonly method: string;
  /** With `{P}`, or a full path. */
  readonly path: string;
}

/** One way of proving who calls. Answers that are not 2xx throw a MusterError. */
export interface Caller {
  readonly way: string;
  call(place: Place, sent?: Sent): Promise<Response>;
}

export interface Account {
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

const region = 'conformance-1';

/** Both ways of signing and a token (v5 2). */
export async function createCallers(account: Account): Promise<[Caller, ...Caller[]]> {
  const signer = (derived: boolean) => createSigner(account, { regionId: region, derived });
  return [
    createCaller(account, 'SDK-HMAC-SHA256', signer(false)),
    createCaller(account, 'V11-HMAC-SHA256', signer(true)),
    createCaller(account, 'X-Auth-Token', createTokenBearer(await signIn(account))),
  ];
}

/** Without any proof. */
export function createStranger(account: Account): Caller {
  return createCaller(account, 'no credentials', undefined);
}

function createCaller({ endpoint, projectId }: Account, way: string, authorizer: Authorizer | undefined): Caller {
  const transport = createTransport({ endpoint, fetch: (url, init) => fetch(url, init), authorizer });
  return {
    way,
    call: ({ method, path }, { params = {}, ...rest } = {}) =>
      transport.send({
        method: method as 'GET',
        path: segmentsOf(path, { ...params, project_id: projectId }),
        ...rest,
      }),
  };
}

function segmentsOf(path: string, params: Readonly<Record<string, string>>): string[] {
  const full = path.replace('{P}', '/v5/iot/{project_id}');
  return full
    .slice(1)
    .split('/')
    .map((segment) =>
      segment.replace(/^\{(\w+)\}$/, (_braces, name: string) => {
        const value = params[name];
        if (value === undefined) throw new Error(`${path}: nothing fills {${name}}.`);
        return value;
      }),
    );
}

async function signIn(account: Account): Promise<string> {
  const { domain, user, password, projectId } = account;
  const identity = { methods: ['password'], password: { user: { domain: { name: domain }, name: user, password } } };
  const json = { auth: { identity, scope: { project: { id: projectId } } } };
  const response = await createStranger(account).call({ method: 'POST', path: '/v3/auth/tokens' }, { json });
  return response.headers.get('x-subject-token') ?? '';
}

/** The refusal behind an error of a call; anything else is thrown on. */
export function refusalOf(error: unknown): MusterError {
  if (error instanceof MusterError) return error;
  throw error;
}
