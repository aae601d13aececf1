import fc from 'fast-check';
import { endpoints } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import {
  hostileText,
  hostileValue,
  type Json,
  leavesOf,
  type Path,
  valueAt,
  withValue,
} from '../../../support/hostile-values.ts';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { startWholeApi } from '../../../support/whole-api.ts';
import { type FullRequest, fullRequests, setScene, type WholeApi } from './requests.ts';

function send(api: WholeApi, { method, path }: FullRequest, values: Json, isQuery: boolean): Promise<HttpAnswer> {
  if (!isQuery) return api.send(method, path, values);
  const pairs = Object.entries(values as Record<string, Json>);
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`);
  return api.send(method, `${path}?${query.join('&')}`);
}

/** `paths`: of all fields; what is wrong may be how two of them go together. */
function expectNoFault(answer: HttpAnswer, paths: readonly Path[]): void {
  expect(answer.status, answer.text).toBeLessThan(500);
  const { error_code: code, error_msg: sentence = '' } = (answer.json ?? {}) as Record<string, string>;
  if (code !== 'IOTDA.000006') return;
  const named = paths.flat().some((key) => typeof key === 'string' && sentence.includes(key));
  expect(named, `'${sentence}' names a field`).toBe(true);
}

describe('a value that no client means well', () => {
  it('is kept as it is or refused by its name, in every field of every call', { timeout: 120_000 }, async () => {
    const api = await startWholeApi();
    const scene = await setScene(api);
    const property = fc.asyncProperty(fc.nat(), fc.nat(), hostileValue, async (call, field, value) => {
      const requests = await fullRequests(scene);
      const request = requests[call % requests.length] as FullRequest;
      const { body, query = {} } = request;
      const values = body ?? query;
      const leaves = leavesOf(values);
      const path = leaves[field % leaves.length] as Path;
      const answer = await send(api, request, withValue(values, path, value), body === undefined);
      expectNoFault(answer, leaves);
      const kept = body === undefined || answer.status >= 400 ? undefined : valueAt(answer.json, path);
      // Not every answer shows every field.
      if (typeof kept === 'string' && typeof value === 'string') expect(kept, path.join('.')).toBe(value);
    });
    await fc.assert(property, { numRuns: 400 });
    // What was taken is worked on.
    for (let seconds = 0; seconds < 10; seconds++) await api.clock.advance(1000);
    expect(api.errors).toEqual([]);
  });

  it('names nothing in an address', { timeout: 120_000 }, async () => {
    const api = await startWholeApi();
    const scene = await setScene(api);
    const known: Readonly<Record<string, string>> = { project_id: scene.scope.projectId };
    const addressed = endpoints.filter(({ path, method }) => method !== 'POST' && /\{(?!project_id)/.test(path));
    const property = fc.asyncProperty(fc.constantFrom(...addressed), hostileText, async ({ method, path }, value) => {
      const segment = encodeURIComponent(value.toWellFormed()).replaceAll('.', '%2E');
      const address = path.replace(/\{(\w+)\}/g, (_whole, name: string) => known[name] ?? segment);
      const { status, text: answer } = await api.send(method, address, method === 'PUT' ? {} : undefined);
      expect([200, 400, 403, 404], `${status} ${method} ${address} ${answer}`).toContain(status);
    });
    await fc.assert(property, { numRuns: 300 });
    expect(api.errors).toEqual([]);
  });
});
