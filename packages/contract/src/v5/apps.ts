import { Type } from 'typebox';
import type { Static } from 'typebox';
import { charsString, idChars, shown } from './primitives.ts';

// v5 4.
const appName = charsString({
  chars: `\\p{Script=Han}${idChars}`,
  words: 'Chinese characters, letters, digits, _ and -',
  description: 'Name, unique in the project.',
  min: 1,
  max: 64,
});

export const AddApplicationRequest = Type.Object({ app_name: appName });
export type AddApplicationRequest = Static<typeof AddApplicationRequest>;

export const UpdateApplicationRequest = Type.Object({ app_name: Type.Optional(appName) });
export type UpdateApplicationRequest = Static<typeof UpdateApplicationRequest>;

export const ListApplicationsQuery = Type.Object({
  default_app: Type.Optional(
    Type.Boolean({ description: 'true: only the default application; false: only the others.' }),
  ),
});
export type ListApplicationsQuery = Static<typeof ListApplicationsQuery>;

export const Application = Type.Object({
  app_id: shown('Application id, 32 hex.'),
  app_name: shown('Name.'),
  create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
  default_app: Type.Boolean({ description: "Whether it is the project's default application." }),
});
export type Application = Static<typeof Application>;

export const ListApplicationsResponse = Type.Object({
  applications: Type.Array(Application, { description: 'All applications; this list has no pages.' }),
});
export type ListApplicationsResponse = Static<typeof ListApplicationsResponse>;

// Legacy 2.
export const RenewLegacySecretRequest = Type.Object({
  secret: Type.Optional(
    charsString({
      chars: 'A-Za-z0-9',
      words: 'letters and digits',
      description: 'The new secret; absent: 32 characters are drawn.',
      min: 8,
      max: 256,
    }),
  ),
});
export type RenewLegacySecretRequest = Static<typeof RenewLegacySecretRequest>;

export const RenewLegacySecretResponse = Type.Object({
  app_id: shown('Application id, the `appId` of legacy clients.'),
  secret: shown('The secret. It is shown nowhere else.'),
});
export type RenewLegacySecretResponse = Static<typeof RenewLegacySecretResponse>;
