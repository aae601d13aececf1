import type { TSchema } from 'typebox';
import { isObject } from '../schema.ts';
import type { EndpointSchemas } from '../v5/endpoint-schemas.ts';
import type { Endpoint } from '../v5/endpoints.ts';
import { errorCodes } from '../v5/errors.ts';
import { plain } from './components.ts';
import { pathNames } from './parameters.ts';
import { placeOf } from './place.ts';

/** What a call may be refused with: code and HTTP status. */
export interface CallError {
  readonly code: string;
  readonly status: number;
}

// v5 1, References: what the URL names and does not exist.
const namedInPath: Readonly<Record<string, string>> = {
  app_id: '001000',
  owner_app_id: '001000',
  caller_app_id: '001000',
  product_id: '013000',
  device_id: '014000',
  group_id: '015500',
  command_id: '014130',
  package_id: '014580',
  module_id: '014585',
  task_id: '014550',
  file_id: '014600',
  export_task_id: '014680',
  rule_id: '016000',
  action_id: '016001',
  policy_id: '016003',
  queue_id: '016020',
};

// The same for what a body names.
const namedInBody: Readonly<Record<string, string>> = {
  app_id: '001000',
  product_id: '013000',
  super_group_id: '015500',
  rule_id: '016000',
};

const commandErrors = ['014016', '014108', '014111', '014134'];
const shadowErrors = ['013002', '014133', '014134'];
const stepErrors = ['014551', '014557'];

/** What only this call answers, by place; the rest follows from its path, its schemas and who may call it. */
const ownErrors: Readonly<Record<string, readonly string[]>> = {
  'POST {P}/apps': ['001001', '001003'],
  'PUT {P}/apps/{app_id}': ['001001'],
  'DELETE {P}/apps/{app_id}': ['001002'],
  'POST {P}/products': ['013001', '013004'],
  'DELETE {P}/products/{product_id}': ['013003'],
  'POST {P}/devices': ['013002', '014031', '014042', '014043', '014115', '014134'],
  'GET {P}/devices': ['000010'],
  'DELETE {P}/devices/{device_id}': ['014041'],
  'POST {P}/devices/{device_id}/freeze': ['014038'],
  'POST {P}/devices/{device_id}/unfreeze': ['014038', '014040'],
  'POST {P}/devices/{device_id}/change-gateway': ['014042', '014043'],
  'POST {P}/search/query-devices': ['015530'],
  'POST {P}/device-group': ['015501', '015503', '015504', '015530'],
  'PUT {P}/device-group/{group_id}': ['015501'],
  'DELETE {P}/device-group/{group_id}': ['015502'],
  'POST {P}/device-group/{group_id}/action': ['014000', '015503', '015504'],
  'POST {P}/tags/bind-resource': ['014000', '015520'],
  'POST {P}/tags/unbind-resource': ['014000', '015521'],
  'POST {P}/devices/{device_id}/commands': commandErrors,
  'POST {P}/devices/{device_id}/async-commands': ['014016', '014114', '014132', '014134'],
  'GET {P}/devices/{device_id}/async-commands': ['000010'],
  'GET {P}/devices/{device_id}/async-commands-history': ['000010'],
  'POST {P}/devices/{device_id}/async-commands-history/count': ['000010'],
  'POST {P}/devices/{device_id}/messages': ['014131', '014134'],
  'GET {P}/devices/{device_id}/properties': ['014016', '014111'],
  'PUT {P}/devices/{device_id}/properties': ['013002', '014016', '014111', '014134'],
  'PUT {P}/devices/{device_id}/shadow': shadowErrors,
  'POST {P}/ota-upgrades/packages': ['014583', '014585', '014588'],
  'DELETE {P}/ota-upgrades/packages/{package_id}': ['014584'],
  'POST {P}/ota-upgrades/package-files': ['000006', '014588'],
  'POST {P}/ota-upgrades/modules': ['014586', '014587'],
  'DELETE {P}/ota-upgrades/modules/{module_id}': ['014589'],
  'POST {P}/batchtasks': [
    ...['014552', '014553', '014554', '014555', '014556', '014557', '014558', '014559'],
    ...['014580', '014581', '014600', '014652'],
  ],
  'POST {P}/batchtasks/{task_id}/retry': stepErrors,
  'POST {P}/batchtasks/{task_id}/stop': stepErrors,
  'POST {P}/batchtasks/{task_id}/confirm': [...stepErrors, '014562'],
  'DELETE {P}/batchtasks/{task_id}': ['014551'],
  'POST {P}/batchtask-files': ['000006', '014602', '014603', '014650', '014651', '014652'],
  'GET {P}/batchtask-files/templates/{task_type}': ['014555'],
  'GET {P}/batchtasks/{task_id}/failed-rows': ['014555'],
  'POST {P}/export-tasks': ['014550', '014682'],
  'GET {P}/export-tasks/{export_task_id}/file': ['014681'],
  'POST {P}/routing-rule/rules': ['015530'],
  'PUT {P}/routing-rule/rules/{rule_id}': ['015530'],
  'POST {P}/routing-rule/actions': ['016002', '016020'],
  'PUT {P}/routing-rule/actions/{action_id}': ['016002', '016020'],
  'POST {P}/routing-rule/backlog-policy': ['016004'],
  'POST {P}/routing-rule/flowcontrol-policy': ['016000', '016001', '016002', '016004'],
  'POST {P}/amqp-queues': ['016021', '016023'],
  'DELETE {P}/amqp-queues/{queue_id}': ['016022'],
};

/** Every error of a call, by status and code; each once. */
export function errorsOf(endpoint: Endpoint, schemas: EndpointSchemas): CallError[] {
  const found = [
    ...accessErrors(endpoint),
    ...formErrors(endpoint, schemas),
    ...referenceErrors(endpoint, schemas),
    ...(ownErrors[placeOf(endpoint)] ?? []).map((code) => errorOf(code, 400)),
    ...['000020', '000023'].map((code) => errorOf(code, 500)),
  ];
  const once = new Map(found.map((error) => [`${error.status} ${error.code}`, error]));
  return [...once.values()].sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}

function accessErrors({ path, permission }: Endpoint): CallError[] {
  const codes = [
    // Whoever signs in proves who they are in the body.
    '000002',
    ...(path.startsWith('/v5/') ? ['000021', '021101'] : []),
    ...(permission === 'public' || permission === 'signed-in' ? [] : ['000022']),
  ];
  return codes.map((code) => errorOf(code, 400));
}

function formErrors({ method }: Endpoint, { query, body }: EndpointSchemas): CallError[] {
  const schemas = [query, body].filter((schema) => schema !== undefined);
  return [
    ...(method === 'POST' || method === 'PUT' ? [errorOf('000008', 400), errorOf('000008', 413)] : []),
    ...(schemas.length > 0 ? [errorOf('000006', 400)] : []),
    ...schemas.flatMap((schema) => annotatedCodes(schema)).map((code) => errorOf(code, 400)),
  ];
}

/** The codes that members of a schema answer instead of 000006. */
function annotatedCodes(schema: TSchema): string[] {
  const codes: string[] = [];
  const visit = (node: unknown): void => {
    if (!isObject(node)) return;
    for (const keyword of ['x-error-code', 'x-too-many-code']) {
      const code = node[keyword];
      if (typeof code === 'string') codes.push(code);
    }
    visit(node['items']);
    if (isObject(node['properties'])) Object.values(node['properties']).forEach(visit);
  };
  visit(plain(schema));
  return codes;
}

// An unknown queue is 200 with nothing in it (v5 15.6).
const neverMissing: ReadonlySet<string> = new Set(['GET {P}/amqp-queues/{queue_id}']);

function referenceErrors(endpoint: Endpoint, { query, body }: EndpointSchemas): CallError[] {
  const { method, path } = endpoint;
  const looksUp = path.startsWith('/v5/') && !neverMissing.has(placeOf(endpoint));
  const inPath = looksUp ? pathNames(path).map((name) => namedInPath[name]) : [];
  const isList = method === 'GET';
  const members = Object.keys((isList ? query : body)?.properties ?? {});
  // A list by what does not exist is empty; only applications are always looked at.
  const inBody = members.filter((name) => !isList || name === 'app_id').map((name) => namedInBody[name]);
  const present = (code: string | undefined): code is string => code !== undefined;
  return [
    // The codes of v5 have none for users and the like.
    ...(path.startsWith('/admin/') && pathNames(path).length > 0 ? [errorOf('000029', 404)] : []),
    ...inPath.filter(present).map((code) => errorOf(code, 404)),
    ...inBody.filter(present).map((code) => errorOf(code, 400)),
  ];
}

/** The error with the status that is asked for, where its code may have that one, else with its own. */
function errorOf(code: string, status: number): CallError {
  const entry = errorCodes.find((candidate) => candidate.code === code);
  const statuses: readonly number[] = entry?.statuses ?? [];
  const [first] = statuses;
  if (first === undefined) throw new Error(`No call answers ${code}.`);
  return { code, status: statuses.includes(status) ? status : first };
}
