import { type Endpoint, endpointSchemas, type EndpointSchemas, endpoints } from '@muster/contract/v5';
import type { Role } from '../../../../src/domain/account.ts';
import { asId, type BatchFileId, type ProjectId, type RecordId } from '../../../../src/domain/ids.ts';
import { aProject, aUser, anAccessKey, anApp } from '../../../builders/account-builders.ts';
import { random } from '../../../builders/chance.ts';
import { testKey } from '../../../support/api-server.ts';
import type { Json } from '../../../support/hostile-values.ts';
import type { SigningKey } from '../../../support/http-client.ts';
import { startWholeApi, type WholeApiCall } from '../../../support/whole-api.ts';
import { fullRequests, setScene, type WholeApi } from '../hostile-values/requests.ts';

export const roles = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];

/** One call of the endpoint table with the objects of a project filled in. */
export interface EndpointCall extends WholeApiCall {
  readonly endpoint: Endpoint;
}

/** The whole API, somebody of each role, somebody else's project, and an object for every parameter of every path. */
export async function startMatrix() {
  const api = await startWholeApi();
  const scene = await setScene(api);
  const { given, scope } = api;
  const message = await given.message(scope, { deviceId: scene.device.deviceId });
  const task = await given.finishedTask(scope);
  const spare = await spareAccounts(api);
  const objects: Readonly<Record<string, string>> = {
    app_id: scope.appId,
    owner_app_id: scope.appId,
    caller_app_id: scope.appId,
    product_id: scene.product.productId,
    device_id: scene.device.deviceId,
    group_id: scene.group.groupId,
    message_id: message.messageId,
    package_id: scene.pkg.packageId,
    module_id: scene.module.moduleId,
    task_id: task.taskId,
    command_id: await storedCommand(api, scene.device.deviceId),
    file_id: await storedFile(api),
    export_task_id: (await given.exported(scope)).exportId,
    task_type: 'createDevices',
    rule_id: scene.rule.ruleId,
    action_id: scene.action.actionId,
    policy_id: scene.backlog.policyId,
    queue_id: scene.queue.queueId,
  };
  const bodies = await bodiesByOperation(scene);
  const callOf = (endpoint: Endpoint): EndpointCall => {
    const isOfProject = endpoint.path.startsWith('/v5/');
    const values = isOfProject ? { ...objects, project_id: scope.projectId } : spare;
    const path = endpoint.path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? 'f'.repeat(24));
    const takesBody = endpoint.method === 'POST' || endpoint.method === 'PUT';
    const body = takesBody ? { body: bodies.get(endpoint.operationId) ?? {} } : {};
    return { endpoint, method: endpoint.method, path: `${path}${queryOf(endpoint, objects)}`, ...body };
  };
  const keys: Readonly<Record<Role, SigningKey>> = {
    admin: testKey,
    operator: await addCaller(api, scope.projectId, 'operator'),
    viewer: await addCaller(api, scope.projectId, 'viewer'),
  };
  return { api, scope, objects, spare, bodies, keys, callOf, other: await otherProject(api) };
}

export type Matrix = Awaited<ReturnType<typeof startMatrix>>;

function queryOf({ operationId, actionIds }: Endpoint, objects: Readonly<Record<string, string>>): string {
  if (operationId === 'ListProperties') return '?service_id=Motor';
  if (operationId === 'ListExportTasks') return '?resource_type=BatchTask';
  return actionIds === undefined ? '' : `?action_id=${actionIds[0]}&device_id=${objects['device_id']}`;
}

async function storedFile({ store, scope, clock }: WholeApi): Promise<string> {
  const fileId = asId<BatchFileId>(random.uuid());
  const at = { uploadedAt: clock.now(), expiresAt: clock.now() + 3_600_000 };
  const file = {
    fileId,
    recordId: asId<RecordId>(random.orderedId()),
    projectId: scope.projectId,
    fileName: 'a.csv',
    ...at,
  };
  await store.batchFiles.begin(file);
  await store.batchFiles.addRows(fileId, 0, [{ rowNo: 2, cells: ['nobody'] }]);
  await store.batchFiles.finish({ ...file, columns: ['device_id'] }, clock.now());
  return fileId;
}

async function storedCommand({ ofProject }: WholeApi, deviceId: string): Promise<string> {
  const answer = await ofProject('POST', `/devices/${deviceId}/async-commands`, { paras: {} });
  return (answer.json as { command_id: string }).command_id;
}

/** A body that is good for the call, so that a refusal is not about its fields. */
async function bodiesByOperation(scene: Parameters<typeof fullRequests>[0]): Promise<ReadonlyMap<string, Json>> {
  const requests = await fullRequests(scene);
  const found = endpoints.flatMap(({ operationId, method, path }): [string, Json][] => {
    const place = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/?]+')}(?:\\?|$)`);
    const request = requests.find((each) => each.method === method && place.test(each.path));
    return request?.body === undefined ? [] : [[operationId, request.body]];
  });
  // The first: a wrong password would be refused as no credentials are.
  return new Map([...found, ['CreateToken', {}], ['AdminUpdateRole', { role: 'viewer' }]]);
}

/** Their removal harms nobody. */
async function spareAccounts({ store }: WholeApi): Promise<Readonly<Record<string, string>>> {
  const [user, second, project, third] = [aUser(), aUser(), aProject(), aProject()];
  for (const each of [user, second]) await store.accounts.insertUser(each);
  for (const { projectId } of [project, third]) {
    const app = anApp({ projectId, isDefault: true, name: 'DefaultApp' });
    await store.accounts.insertProject(projectId === project.projectId ? project : third, app);
  }
  await store.accounts.setRole({ userId: second.userId, projectId: third.projectId }, 'viewer');
  const key = anAccessKey({ userId: second.userId, projectId: third.projectId });
  await store.accounts.insertAccessKey(key);
  return {
    user_id: user.userId,
    project_id: project.projectId,
    access_key: key.accessKey,
    role_id: `${second.userId}.${third.projectId}`,
  };
}

async function addCaller({ store }: WholeApi, projectId: ProjectId, role: Role): Promise<SigningKey> {
  const user = aUser();
  await store.accounts.insertUser(user);
  await store.accounts.setRole({ userId: user.userId, projectId }, role);
  const key = anAccessKey({ userId: user.userId, projectId });
  await store.accounts.insertAccessKey(key);
  return key;
}

async function otherProject(api: WholeApi): Promise<{ readonly projectId: string; readonly key: SigningKey }> {
  const { projectId } = await api.given.scope();
  return { projectId, key: await addCaller(api, projectId, 'admin') };
}

/** What the table asks for that the matrix cannot give: each must be added above or in `fullRequests`. */
export function missingFromMatrix({ objects, spare, bodies }: Matrix): readonly string[] {
  const schemas: Readonly<Record<string, EndpointSchemas>> = endpointSchemas;
  return endpoints.flatMap(({ operationId, path }) => {
    const known: Readonly<Record<string, string>> = path.startsWith('/v5/') ? { ...objects, project_id: '' } : spare;
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const required = (schemas[operationId]?.body as { readonly required?: readonly string[] } | undefined)?.required;
    const needsBody = (required ?? []).length > 0 && !bodies.has(operationId);
    return [
      ...names.filter((name) => !(name in known)).map((name) => `${operationId}: {${name}}`),
      ...(needsBody ? [`${operationId}: a body`] : []),
    ];
  });
}
