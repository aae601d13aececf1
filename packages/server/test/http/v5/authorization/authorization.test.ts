import { type EndpointPermission, endpoints } from '@muster/contract/v5';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../../src/domain/account.ts';
import { downloadPrefix } from '../../../../src/http/download/download-target.ts';
import { legacyDialect } from '../../../../src/http/legacy/dialect.ts';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { type EndpointCall, type Matrix, missingFromMatrix, roles, startMatrix } from './calls.ts';

const timeout = 120_000;
let matrix: Matrix;

beforeEach(async () => {
  matrix = await startMatrix();
});

const codeOf = (answer: HttpAnswer): string =>
  `${answer.status} ${String((answer.json as { error_code?: unknown } | undefined)?.error_code ?? '')}`.trim();

/** One line per call of the table, for lists that say at once what is wrong where. */
async function eachCall(look: (call: EndpointCall) => Promise<readonly string[]>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const endpoint of endpoints) {
    const found = await look(matrix.callOf(endpoint));
    wrong.push(...found.map((what) => `${endpoint.operationId}: ${what}`));
  }
  return wrong;
}

/** The operations page, Administration, in its own words; not the code that is tested. */
function mayCall(role: Role, permission: EndpointPermission): boolean {
  if (permission === 'public' || permission === 'signed-in') return true;
  if (permission === 'admin') return role === 'admin';
  return role !== 'viewer' || /:(query|queryList)$/.test(permission);
}

/** The same call of somebody who has the other project, about the objects of this one. */
function aboutForeign({ scope, other }: Matrix, { method, path, body }: EndpointCall) {
  return { method, path: path.replace(scope.projectId, other.projectId), ...(body === undefined ? {} : { body }) };
}

/** Every id of an object of this project made one that nobody has, of the same shape. */
function asUnknown<T>(objects: Readonly<Record<string, string>>, call: T): T {
  const strange = (id: string): string =>
    id.replace(/[0-9a-f]/g, (digit) => ((Number.parseInt(digit, 16) + 5) % 16).toString(16));
  const text = Object.values(objects).reduce((all, id) => all.replaceAll(id, strange(id)), JSON.stringify(call));
  return JSON.parse(text) as T;
}

describe('the endpoint table', () => {
  it('is what the server has: no call is missing, and nothing can be called that it does not list', () => {
    const listed = endpoints.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    // Packages, which devices fetch with tokens of their own (device 8), the other generation and the documents are no calls of this one.
    const served = matrix.api.registered
      .filter(({ url }) => url !== `${downloadPrefix}*` && !/^\/(?:docs|openapi)(?:\/|$)/.test(url))
      .filter(({ url }) => !legacyDialect.speaks(url))
      .map(({ method, url }) => `${method} ${url}`);
    expect(served.toSorted()).toEqual([...new Set(listed)].toSorted());
  });

  it('can be tried as a whole: there is an object for each parameter and a body for each call that needs one', () => {
    expect(missingFromMatrix(matrix)).toEqual([]);
  });
});

describe('a call', { timeout }, () => {
  it('without credentials is refused with 401 000002, but for the one that hands them out', async () => {
    const wrong = await eachCall(async ({ endpoint, ...call }) => {
      const code = codeOf(await matrix.api.sendAs(undefined, call));
      return (code === '401 IOTDA.000002') === (endpoint.permission !== 'public') ? [] : [code];
    });
    expect(wrong).toEqual([]);
  });

  it('is refused with 403 000022 to exactly the roles that have not its permission [v5 10]', async () => {
    const { api, keys } = matrix;
    const wrong = await eachCall(async ({ endpoint, ...call }) => {
      const found: string[] = [];
      // The one that may delete most comes last.
      for (const role of roles) {
        const answer = await api.sendAs(keys[role], call);
        const code = codeOf(answer);
        if ((code !== '403 IOTDA.000022') !== mayCall(role, endpoint.permission)) found.push(`${role} gets ${code}`);
        if (/^5|IOTDA\.000002/.test(code)) found.push(`${role} gets ${code}`);
        const isUnknown = code === '404 IOTDA.000029' || answer.text.includes('action_id: ');
        if (isUnknown) found.push(`${role} gets ${code}, as if there were no such call`);
      }
      return found;
    });
    expect(wrong).toEqual([]);
    expect(api.errors).toEqual([]);
  });

  it("with another project's credentials is refused with 403 000021 on this project's path [v5 8]", async () => {
    const wrong = await eachCall(async ({ endpoint, ...call }) => {
      if (!endpoint.path.startsWith('/v5/iot/{project_id}')) return [];
      const code = codeOf(await matrix.api.sendAs(matrix.other.key, call));
      return code === '403 IOTDA.000021' ? [] : [code];
    });
    expect(wrong).toEqual([]);
  });

  it("on the own path about another project's object is answered as if that did not exist, and changes nothing [v5 8]", async () => {
    const { api, other, objects } = matrix;
    const before = await everything();
    const wrong = await eachCall(async (call) => {
      const { endpoint } = call;
      if (!/^\/v5\/iot\/\{project_id\}\/.*\{/.test(endpoint.path)) return [];
      // Named by a type, which is nobody's.
      if (endpoint.operationId === 'ShowBatchTaskFileTemplate') return [];
      const foreign = aboutForeign(matrix, call);
      const about = await api.sendAs(other.key, foreign);
      const unknown = await api.sendAs(other.key, asUnknown(objects, foreign));
      const [code, wanted] = [codeOf(about), codeOf(unknown)];
      const isRefusal = /^404 IOTDA\.0(?!00029)|^403 IOTDA\.001000$/.test(code);
      // v5 9: an unknown message is an empty object.
      const isEmpty = endpoint.operationId === 'ShowDeviceMessage' && about.text === '{}';
      // v5 15.6: an unknown queue has no values.
      const isNulls = endpoint.operationId === 'ShowQueue' && about.text.includes('"queue_id":null');
      const isSame = code === wanted && about.text.length === unknown.text.length;
      return isSame && (isRefusal || isEmpty || isNulls) ? [] : [`${code}, an unknown one ${wanted}: ${about.text}`];
    });
    expect(wrong).toEqual([]);
    expect(await everything()).toEqual(before);
    expect(api.errors).toEqual([]);
  });

  it("that names another project's objects in its body is answered as if those did not exist [v5 8]", async () => {
    const { api, other, objects } = matrix;
    const before = await everything();
    const wrong = await eachCall(async (call) => {
      const { endpoint } = call;
      if (!endpoint.path.startsWith('/v5/') || /\{(?!project_id)/.test(endpoint.path)) return [];
      if (call.body === undefined) return [];
      const foreign = aboutForeign(matrix, call);
      const unknown = asUnknown(objects, foreign);
      if (JSON.stringify(foreign) === JSON.stringify(unknown)) return [];
      const [code, wanted] = [
        codeOf(await api.sendAs(other.key, foreign)),
        codeOf(await api.sendAs(other.key, unknown)),
      ];
      return code === wanted ? [] : [`${code}, unknown ones ${wanted}`];
    });
    expect(wrong).toEqual([]);
    expect(await everything()).toEqual(before);
  });
});

/** All that this project shows of itself. */
async function everything(): Promise<readonly string[]> {
  const shown: string[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.method !== 'GET' || !endpoint.path.startsWith('/v5/')) continue;
    const { text } = await matrix.api.sendAs(matrix.keys.admin, matrix.callOf(endpoint));
    shown.push(`${endpoint.operationId} ${text}`);
  }
  return shown;
}
