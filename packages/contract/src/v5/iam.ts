import { Type } from 'typebox';
import type { Static } from 'typebox';
import { shown, string } from './primitives.ts';

// v5 2.1. Which method, user, password and scope are right is checked in services: what is wrong there answers 401.
const DomainRef = Type.Object(
  {
    id: Type.Optional(string(64, 'Domain id.')),
    name: Type.Optional(string(64, 'Domain name.')),
  },
  { description: 'A domain by id or name.' },
);

const PasswordIdentity = Type.Object(
  {
    methods: Type.Array(string(32, 'How the user proves who they are; only `password`.'), {
      description: 'Only `["password"]`.',
      minItems: 1,
      maxItems: 8,
    }),
    password: Type.Object(
      {
        user: Type.Object(
          {
            domain: DomainRef,
            name: string(64, 'User name.', 1),
            password: string(128, 'Password.', 1),
          },
          { description: 'Who signs in.' },
        ),
      },
      { description: 'Sign-in by password.' },
    ),
  },
  { description: 'Who signs in, and how.' },
);

const Scope = Type.Object(
  {
    project: Type.Optional(
      Type.Object(
        {
          id: Type.Optional(string(64, 'Project id.')),
          name: Type.Optional(string(64, 'Project name.')),
        },
        { description: 'A project by id or name.' },
      ),
    ),
    domain: Type.Optional(DomainRef),
  },
  { description: "What the token is for; absent: the user's only project. Domain-scoped tokens serve /v3 only." },
);

export const CreateTokenRequest = Type.Object({
  auth: Type.Object(
    { identity: PasswordIdentity, scope: Type.Optional(Scope) },
    { description: 'Who signs in, and for what.' },
  ),
});
export type CreateTokenRequest = Static<typeof CreateTokenRequest>;

export const CreateTokenQuery = Type.Object({
  nocatalog: Type.Optional(string(64, 'Any non-empty value leaves `catalog` out of the reply.')),
});
export type CreateTokenQuery = Static<typeof CreateTokenQuery>;

const Named = { id: shown('Id.'), name: shown('Name.') };
const NamedDomain = Type.Object(Named, { description: 'The domain.' });

export const CreateTokenResponse = Type.Object({
  token: Type.Object(
    {
      issued_at: shown('When the token was made.'),
      expires_at: shown('When the token ends.'),
      methods: Type.Array(shown('`password`.'), { description: 'How the user proved who they are.' }),
      project: Type.Optional(
        Type.Object({ ...Named, domain: NamedDomain }, { description: 'The project the token is for.' }),
      ),
      domain: Type.Optional(NamedDomain),
      roles: Type.Array(Type.Object(Named, { description: 'A role.' }), {
        description: "The user's roles in that scope.",
      }),
      user: Type.Object(
        { ...Named, password_expires_at: shown('Empty: the password does not expire.'), domain: NamedDomain },
        { description: 'Who signed in.' },
      ),
      catalog: Type.Optional(Type.Array(Type.Unknown(), { description: 'Always empty.' })),
    },
    { description: 'The token itself is in the header X-Subject-Token.' },
  ),
});
export type CreateTokenResponse = Static<typeof CreateTokenResponse>;

export const ListProjectsQuery = Type.Object({
  name: Type.Optional(string(64, 'Exact project name; clients send their region id.')),
});
export type ListProjectsQuery = Static<typeof ListProjectsQuery>;

const links = Type.Object({}, { description: 'Always empty.' });
const enabled = Type.Boolean({ description: 'Always true.' });

export const ListProjectsResponse = Type.Object({
  projects: Type.Array(
    Type.Object({ ...Named, domain_id: shown('Domain id.'), enabled }, { description: 'A project.' }),
    { description: "The caller's projects." },
  ),
  links,
});
export type ListProjectsResponse = Static<typeof ListProjectsResponse>;

export const ListDomainsResponse = Type.Object({
  domains: Type.Array(Type.Object({ ...Named, enabled }, { description: 'A domain.' }), {
    description: "The caller's domains.",
  }),
  links,
});
export type ListDomainsResponse = Static<typeof ListDomainsResponse>;

/** v5 2.1: errors of /v3 carry both spellings. */
export const IamErrorResponse = Type.Object({
  error_code: shown('`IOTDA.` and six digits.'),
  error_msg: shown('What is wrong.'),
  error: Type.Object(
    {
      code: Type.Integer({ description: 'HTTP status.' }),
      message: shown('What is wrong.'),
      title: shown('Name of the HTTP status.'),
    },
    { description: 'The same in the spelling of IAM.' },
  ),
});
export type IamErrorResponse = Static<typeof IamErrorResponse>;
