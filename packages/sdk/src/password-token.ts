import type { Credentials } from './credentials.ts';
import { MusterError } from './muster-error.ts';
import { createTransport, type Fetch } from './transport.ts';

type PasswordCredentials = Extract<Credentials, { kind: 'password' }>;

/** Signs in (v5 2.1) and returns the token of one project; wrong credentials throw a MusterError with status 401. */
export async function fetchPasswordToken(
  endpoint: string,
  credentials: PasswordCredentials,
  fetch: Fetch,
): Promise<string> {
  const { domain, user, password, project } = credentials;
  const response = await createTransport({ endpoint, fetch, authorizer: undefined }).send({
    method: 'POST',
    path: ['v3', 'auth', 'tokens'],
    query: { nocatalog: 'true' },
    json: {
      auth: {
        identity: { methods: ['password'], password: { user: { domain: { name: domain }, name: user, password } } },
        scope: { project: { name: project } },
      },
    },
  });
  await response.body?.cancel();
  const token = response.headers.get('x-subject-token');
  if (token === null) {
    const requestId = response.headers.get('x-request-id') ?? '';
    throw new MusterError('The answer carries no token', {
      code: `HTTP.${response.status}`,
      status: response.status,
      requestId,
    });
  }
  return token;
}
