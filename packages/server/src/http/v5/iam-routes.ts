import { CreateTokenQuery, CreateTokenRequest, ListProjectsQuery } from '@muster/contract/v5';
import { toMillisTime } from '../../domain/time.ts';
import type { Projects } from '../../services/accounts/projects.ts';
import type { IssuedToken, Tokens } from '../../services/tokens.ts';
import { Answer, type V5Route, v5Route } from './route.ts';

/** v5 2.1. */
export function createIamRoutes(tokens: Tokens, projects: Projects): V5Route[] {
  return [
    v5Route('CreateToken', {
      query: CreateTokenQuery,
      body: CreateTokenRequest,
      handle: async ({ query, body: { auth }, request }) => {
        const { methods, password } = auth.identity;
        const remoteAddress = request.socket.remoteAddress ?? '';
        const issued = await tokens.signIn({ methods, ...password.user, scope: auth.scope, remoteAddress });
        const withCatalog = (query.nocatalog ?? '') === '';
        return new Answer({
          headers: { 'X-Subject-Token': issued.token },
          body: { token: encodeToken(issued, withCatalog) },
        });
      },
    }),
    v5Route('ListProjects', {
      query: ListProjectsQuery,
      handle: async ({ caller, query }) => {
        const own = await projects.listOwn(caller, query.name === '' ? undefined : query.name);
        const encoded = own.map(({ projectId, name, domain }) => ({
          id: projectId,
          name,
          domain_id: domain,
          enabled: true,
        }));
        return { projects: encoded, links: {} };
      },
    }),
    v5Route('ListDomains', {
      handle: ({ caller }) => ({ domains: [{ ...encodeDomain(caller.domain), enabled: true }], links: {} }),
    }),
  ];
}

function encodeDomain(domain: string) {
  return { id: domain, name: domain };
}

function encodeToken({ user, project, role, issuedAt, expiresAt }: IssuedToken, withCatalog: boolean) {
  const domain = encodeDomain(user.domain);
  return {
    issued_at: toMillisTime(issuedAt),
    expires_at: toMillisTime(expiresAt),
    methods: ['password'],
    ...(project === undefined ? { domain } : { project: { id: project.projectId, name: project.name, domain } }),
    roles: role === undefined ? [] : [{ id: role, name: role }],
    user: { id: user.userId, name: user.name, password_expires_at: '', domain },
    ...(withCatalog && { catalog: [] }),
  };
}
