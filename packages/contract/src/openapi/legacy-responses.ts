import { Type } from 'typebox';
import { badInputCodes, type LegacyEndpoint, legacyFamilyOf } from '../legacy/endpoints.ts';
import type { LegacyEndpointSchemas } from '../legacy/endpoint-schemas.ts';
import { legacyErrorCodes } from '../legacy/errors.ts';
import type { Components } from './components.ts';
import type { Response } from './document.ts';
import { jsonOf } from './responses.ts';

// Legacy 1.5.
const LegacyErrorResponse = Type.Object({
  error_code: Type.String({ description: 'The code.' }),
  error_desc: Type.String({ description: 'Its sentence, always the same.' }),
  error_detail: Type.Optional(Type.String({ description: 'Extension: the field or the cause.' })),
  resultcode: Type.Optional(Type.String({ description: 'Of 1010005 and 1010009: the code once more.' })),
  resultmsg: Type.Optional(Type.String({ description: 'Of 1010005 and 1010009: the sentence once more.' })),
});

/** What a call answers, by status. */
export function legacyResponsesOf(
  endpoint: LegacyEndpoint,
  schemas: LegacyEndpointSchemas,
  components: Components,
): Readonly<Record<string, Response>> {
  const { response } = schemas;
  const success: Response = {
    description: response === undefined ? 'Done; no body.' : 'Done.',
    ...(response === undefined ? {} : { content: jsonOf(response, components) }),
  };
  const byStatus = Map.groupBy(errorsOf(endpoint, schemas), ({ status }) => status);
  const refusals = [...byStatus].map(([status, errors]): [string, Response] => [
    String(status),
    {
      description: errors.map(({ code }) => `- \`${code}\`: ${sentenceOf(code)}`).join('\n'),
      content: jsonOf(LegacyErrorResponse, components),
    },
  ]);
  return { [endpoint.status]: success, ...Object.fromEntries(refusals) };
}

interface CallError {
  readonly code: string;
  readonly status: number;
}

const sentenceOf = (code: string): string => legacyErrorCodes.find((entry) => entry.code === code)?.sentence ?? '';

/** Those of every call of its kind, and its own; each once, by status and code. */
function errorsOf(endpoint: LegacyEndpoint, schemas: LegacyEndpointSchemas): readonly CallError[] {
  const family = legacyFamilyOf(endpoint.path) ?? 'iocm';
  const hasInput = schemas.query !== undefined || schemas.body !== undefined || endpoint.path.includes('{');
  const common = [
    ...(endpoint.access === 'public' ? [] : accessCodes[family]),
    ...(hasInput ? [badInputCodes[family]] : []),
    '50252',
  ].map((code) => errorOf(code));
  const tooLarge = schemas.body === undefined ? [] : [{ code: badInputCodes[family], status: 413 }];
  const found = [...common, ...endpoint.errors.map((code) => errorOf(code)), ...tooLarge];
  const once = new Map(found.map((error) => [`${error.status} ${error.code}`, error]));
  return [...once.values()].sort((a, b) => a.status - b.status || Number(a.code) - Number(b.code));
}

// Legacy 1.5: what is wrong with whoever calls.
const accessCodes = {
  iocm: ['100025', '100203', '100217', '1010005', '1010009'],
  iodm: ['100203', '100217', '1010005', '1010009'],
} as const;

function errorOf(code: string): CallError {
  const [status] = legacyErrorCodes.find((entry) => entry.code === code)?.statuses ?? [];
  if (status === undefined) throw new Error(`No call answers ${code}.`);
  return { code, status };
}
