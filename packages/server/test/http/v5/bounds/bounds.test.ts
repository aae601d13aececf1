import { endpointSchemas, type EndpointSchemas, endpoints } from '@muster/contract/v5';
import type { TObject } from 'typebox';
import { expect, it } from 'vitest';
import { leavesOf, withValue } from '../../../support/hostile-values.ts';
import { startWholeApi } from '../../../support/whole-api.ts';
import { type FullRequest, fullRequests, setScene } from '../hostile-values/requests.ts';
import { type Edge, edgesOf } from './bounds.ts';

const schemas: Readonly<Record<string, EndpointSchemas>> = endpointSchemas;

function schemaOf({ method, path }: FullRequest): TObject | undefined {
  const [place = ''] = path.split('?');
  const endpoint = endpoints.find(
    (each) => each.method === method && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(place),
  );
  return endpoint && schemas[endpoint.operationId]?.body;
}

/** Fields with rules beside their length, which their own tests show: what is made up here may break one of those. */
const ruled: ReadonlySet<unknown> = new Set([
  'dynamic_group_rule',
  'topic',
  'topic_full_name',
  'url',
  'cn_name',
  'scope_value',
]);

/** That the value is not one of the field's. */
const aboutField = /^400 IOTDA\.(?:000006|014555|014554)$/;

/** The edges of the fields that the request sends. */
function edgesIn(request: FullRequest): readonly Edge[] {
  const schema = schemaOf(request);
  if (request.body === undefined || schema === undefined || !request.path.startsWith('/v5/')) return [];
  const sent = new Set(leavesOf(request.body).map((path) => path.join('/')));
  return edgesOf(schema).filter(({ path }) => sent.has(path.join('/')));
}

it('the longest and shortest text and the largest and smallest number of every field are taken, one more or less is refused by its name', {
  timeout: 120_000,
}, async () => {
  const api = await startWholeApi();
  const scene = await setScene(api);
  const wrong: string[] = [];
  for (const [at, kind] of (await fullRequests(scene)).entries()) {
    for (const { path, value, isWithin } of edgesIn(kind)) {
      const field = path.findLast((step) => typeof step === 'string') ?? '';
      if (isWithin && ruled.has(field)) continue;
      // Made anew each time: names must be new, and files serve once.
      const request = (await fullRequests(scene))[at] ?? kind;
      const answer = await api.send(request.method, request.path, withValue(request.body ?? {}, path, value));
      const { error_code = '', error_msg = '' } = (answer.json ?? {}) as { error_code?: string; error_msg?: string };
      const isRefused = aboutField.test(`${answer.status} ${error_code}`);
      const isAsItShould = isWithin ? !isRefused && answer.status < 500 : isRefused && error_msg.includes(field);
      const shown = typeof value === 'string' && value.length > 20 ? `${value.length} characters` : value;
      if (!isAsItShould) wrong.push(`${kind.method} ${kind.path} ${field} = ${shown}: ${answer.status} ${error_msg}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(api.errors).toEqual([]);
});
