import { Role } from '@muster/contract/v5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type V5Route, v5Route } from '../../src/http/v5/route.ts';
import { type ApiServer, startApiServer, testKey, testPassword, testUser } from '../support/api-server.ts';
import { type HttpAnswer, type HttpCall, type SigningKey, call, signed } from '../support/http-client.ts';

const date = '20261122T015513Z';

const routes: V5Route[] = [
  v5Route('CreateBatchTask', { handle: () => ({}) }),
  v5Route('ListBatchTasks', { handle: ({ may }) => ({ secrets: may('iotda:devices:query') }) }),
  v5Route('AddDevice', { handle: () => ({}) }),
];

let server: ApiServer;

beforeEach(async () => {
  server = await startApiServer({ routes });
});
afterEach(() => server.stop());

function as(key: SigningKey, target: HttpCall): Promise<HttpAnswer> {
  return call(server.port, signed(key, target, { date }));
}

function admin(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return as(testKey, { method, path: `/admin/v1${path}`, ...json });
}

function field(answer: HttpAnswer, name: string): string {
  const value = (answer.json as Record<string, unknown> | undefined)?.[name];
  if (typeof value !== 'string') throw new Error(`no ${name} in ${answer.status} ${answer.text}`);
  return value;
}

function signIn(name: string, password: string): Promise<HttpAnswer> {
  const user = { domain: { name: 'muster' }, name, password };
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } });
  const headers = { 'Content-Type': 'application/json' };
  return call(server.port, { method: 'POST', path: '/v3/auth/tokens', headers, body });
}

interface Colleague {
  readonly userId: string;
  readonly password: string;
  readonly key: SigningKey;
}

async function colleague(name: string, role: string): Promise<Colleague> {
  const user = await admin('POST', '/users', { user_name: name });
  const userId = field(user, 'user_id');
  expect((await admin('POST', '/roles', { user_id: userId, project_id: 'proj1', role })).status).toBe(201);
  const key = await admin('POST', '/access-keys', { user_id: userId, project_id: 'proj1' });
  return {
    userId,
    password: field(user, 'password'),
    key: { accessKey: field(key, 'access_key'), secretKey: field(key, 'secret_key') },
  };
}

const tasks = '/v5/iot/proj1/batchtasks';

describe('roles', () => {
  it('decide what may be done: without iotda:batchtasks:create a task is refused [v5 10]', async () => {
    const { key } = await colleague('watcher', 'viewer');
    expect(await as(key, { method: 'POST', path: tasks })).toMatchObject({
      status: 403,
      json: { error_code: 'IOTDA.000022', error_msg: 'Operation not allowed. The user does not have the permission.' },
    });
    expect(await as(key, { path: tasks })).toMatchObject({ status: 200 });
  });

  it('keep administration to admins', async () => {
    for (const role of ['operator', 'viewer']) {
      const { key } = await colleague(role, role);
      for (const path of ['/users', '/projects', '/access-keys', '/roles', '/audit']) {
        expect(await as(key, { path: `/admin/v1${path}` })).toMatchObject({
          status: 403,
          json: { error_code: 'IOTDA.000022' },
        });
      }
    }
  });

  it('count from the next call on when they change or go', async () => {
    const { key, userId } = await colleague('changing', 'viewer');
    const roleId = `${userId}.proj1`;
    expect((await as(key, { method: 'POST', path: tasks })).status).toBe(403);
    expect((await admin('PUT', `/roles/${roleId}`, { role: 'operator' })).status).toBe(200);
    expect((await as(key, { method: 'POST', path: tasks })).status).toBe(201);
    expect((await admin('DELETE', `/roles/${roleId}`)).status).toBe(204);
    expect(await as(key, { path: tasks })).toMatchObject({ status: 403, json: { error_code: 'IOTDA.000021' } });
    expect((await admin('GET', `/roles/${roleId}`)).status).toBe(404);
  });

  it('are listed by user and project, in pages', async () => {
    for (const name of ['a', 'b', 'c']) await colleague(name, 'viewer');
    const first = await admin('GET', '/roles?limit=3&project_id=proj1');
    const { roles, page } = first.json as { roles: { role_id: string }[]; page: { count: number; marker: string } };
    expect([roles.length, page.count]).toEqual([3, 4]);
    const second = await admin('GET', `/roles?limit=3&marker=${page.marker}`);
    const rest = (second.json as { roles: { role_id: string }[] }).roles;
    expect(new Set([...roles, ...rest].map(({ role_id }) => role_id)).size).toBe(4);
    expect((await admin('GET', `/roles?user_id=${testUser}`)).json).toMatchObject({ roles: [{ role: 'admin' }] });
  });

  it('leave an admin: the last one is not removed', async () => {
    const roleId = `${testUser}.proj1`;
    expect((await admin('DELETE', `/roles/${roleId}`)).status).toBe(400);
    expect((await admin('PUT', `/roles/${roleId}`, { role: 'viewer' })).status).toBe(400);
    expect((await admin('DELETE', `/users/${testUser}`)).status).toBe(400);
    expect((await admin('GET', `/roles/${roleId}`)).json).toMatchObject({ role: 'admin' });
  });

  it('are replaced by another one for the same user and project, and answer as their schema says', async () => {
    const { userId } = await colleague('climber', 'viewer');
    const role = { role_id: `${userId}.proj1`, user_id: userId, project_id: 'proj1', role: 'operator' };
    const body = { user_id: userId, project_id: 'proj1', role: 'operator' };
    expect((await admin('POST', '/roles', body)).json).toEqual(role);
    expect((await admin('GET', `/roles?user_id=${userId}`)).json).toMatchObject({ roles: [role], page: { count: 1 } });
    expect(Object.keys(Role.properties)).toEqual(Object.keys(role));
  });

  it.each([
    ['users', 'user'],
    ['projects', 'project'],
    ['access-keys', 'access key'],
    ['roles', 'role'],
    ['roles/none.', 'role'],
  ])('and other unknown ids of %s are told by their kind', async (path, kind) => {
    expect(await admin('GET', path.includes('/') ? `/${path}none` : `/${path}/none`)).toMatchObject({
      status: 404,
      json: { error_code: 'IOTDA.000029', error_msg: `Invalid input. The ${kind} does not exist.` },
    });
  });

  it('want an existing user and project', async () => {
    for (const body of [
      { user_id: 'nobody', project_id: 'proj1', role: 'viewer' },
      { user_id: testUser, project_id: 'nowhere', role: 'viewer' },
      { user_id: testUser, project_id: 'proj1', role: 'king' },
    ]) {
      expect(await admin('POST', '/roles', body)).toMatchObject({ status: 400, json: { error_code: 'IOTDA.000006' } });
    }
  });
});

describe('users', () => {
  it('sign in with the password that is shown once', async () => {
    const { userId, password } = await colleague('new-one', 'viewer');
    expect((await signIn('new-one', password)).status).toBe(201);
    const shown = await admin('GET', `/users/${userId}`);
    expect(shown.json).toMatchObject({ user_name: 'new-one', domain_name: 'muster', create_time: date });
    expect(shown.text).not.toMatch(/password|scrypt/);
  });

  it('lose their tokens with a new password', async () => {
    const { userId, password } = await colleague('forgetful', 'viewer');
    const token = String((await signIn('forgetful', password)).headers['x-subject-token']);
    const read = () => call(server.port, { path: tasks, headers: { 'X-Auth-Token': token } });
    expect((await read()).status).toBe(200);
    expect((await admin('PUT', `/users/${userId}`, { password: 'a new password' })).status).toBe(200);
    expect((await read()).status).toBe(401);
    expect((await signIn('forgetful', password)).status).toBe(401);
    expect((await signIn('forgetful', 'a new password')).status).toBe(201);
  });

  it('that are deleted can no longer sign or sign in', async () => {
    const { userId, password, key } = await colleague('leaving', 'admin');
    expect((await admin('DELETE', `/users/${userId}`)).status).toBe(204);
    expect((await as(key, { path: tasks })).status).toBe(401);
    expect((await signIn('leaving', password)).status).toBe(401);
    expect((await admin('DELETE', `/users/${userId}`)).status).toBe(404);
  });

  it('have names of their own', async () => {
    for (const body of [
      { user_name: 'admin' },
      { user_name: 'a b' },
      { user_name: '' },
      {},
      { user_name: 'x', password: 'short' },
    ]) {
      expect(await admin('POST', '/users', body)).toMatchObject({ status: 400, json: { error_code: 'IOTDA.000006' } });
    }
    expect((await admin('GET', '/users?user_name=admin')).json).toMatchObject({
      users: [{ user_name: 'admin' }],
      page: { count: 1 },
    });
  });

  it('cannot be made inactive yet, and are not told otherwise', async () => {
    expect((await admin('POST', '/users', { user_name: 'off', enabled: false })).status).toBe(400);
  });
});

describe('access keys', () => {
  it('show their secret once', async () => {
    const { key } = await colleague('signer', 'viewer');
    const shown = await admin('GET', `/access-keys/${key.accessKey}`);
    const listed = await admin('GET', '/access-keys?project_id=proj1');
    expect(shown.status).toBe(200);
    expect(shown.text + listed.text).not.toContain(key.secretKey);
    expect(listed.json).toMatchObject({ page: { count: 2 } });
  });

  it('give no access once deleted', async () => {
    const { key } = await colleague('signer', 'viewer');
    expect((await as(key, { path: tasks })).status).toBe(200);
    expect((await admin('DELETE', `/access-keys/${key.accessKey}`)).status).toBe(204);
    expect((await as(key, { path: tasks })).status).toBe(401);
    expect((await admin('DELETE', `/access-keys/${key.accessKey}`)).status).toBe(404);
  });
});

describe('projects', () => {
  it('are made with their maker as admin, renamed and deleted', async () => {
    const created = await admin('POST', '/projects', { project_name: 'north' });
    const projectId = field(created, 'project_id');
    expect(projectId).toMatch(/^[0-9a-f]{32}$/);
    const named = await as(testKey, { path: '/v3/projects?name=north' });
    expect(named.json).toMatchObject({ projects: [{ id: projectId }] });
    expect((await admin('POST', '/projects', { project_name: 'north' })).status).toBe(400);
    expect((await admin('PUT', `/projects/${projectId}`, { project_name: 'south' })).json).toMatchObject({
      project_name: 'south',
    });
    expect((await admin('DELETE', `/projects/${projectId}`)).status).toBe(204);
    expect((await admin('GET', `/projects/${projectId}`)).status).toBe(404);
  });
});

describe('the audit log', () => {
  it('has every administrative act, who did it, and no secret', async () => {
    const { userId, password, key } = await colleague('audited', 'viewer');
    await admin('PUT', `/users/${userId}`, { password: testPassword });
    await admin('DELETE', `/users/${userId}`);
    const answer = await admin('GET', '/audit?limit=50');
    const { audit } = answer.json as { audit: { action: string; user_name: string; resource_id: string }[] };
    expect(audit.map(({ action }) => action)).toEqual([
      'AdminDeleteUser',
      'AdminUpdateUser',
      'AdminCreateAccessKey',
      'AdminCreateRole',
      'AdminCreateUser',
    ]);
    expect(audit[0]).toMatchObject({ user_name: 'admin', resource_type: 'user', resource_id: userId });
    for (const secret of [password, testPassword, key.secretKey]) expect(answer.text).not.toContain(secret);
    expect((await admin('GET', '/audit?user_id=other')).json).toMatchObject({
      audit: [],
      page: { count: 0, marker: null },
    });
  });
});
