import { type EndpointSchemas, endpointSchemas, endpoints } from '@muster/contract/v5';
import type { ContractCall } from '../lib/contract-calls.ts';
import { type Caller, refusalOf } from './caller.ts';
import type { Given } from './given.ts';
import type { Act, Scenario } from './scenario.ts';
import { shapeFault } from './shape.ts';

export interface TrialParts {
  /** Each signs in another way. */
  readonly callers: readonly Caller[];
  readonly stranger: Caller;
  readonly given: Given;
  /** Every request id that was seen; none may come twice (v5 1). */
  readonly requestIds: Set<string>;
}

/** Why the call does not hold; undefined: it does, whichever way its caller signs in, and not without. */
export async function tryCall(
  call: ContractCall,
  scenario: Scenario | undefined,
  parts: TrialParts,
): Promise<string | undefined> {
  if (scenario === undefined) return 'no scenario tries it';
  const schemas = schemasOf(call);
  if (schemas === undefined) return 'no route serves it';
  for (const caller of parts.callers) {
    const fault = await withReason(() => tryAs(caller, { call, scenario, schemas }, parts));
    if (fault !== undefined) return `${caller.way}: ${fault}`;
  }
  return withReason(() => tryAsStranger(call, parts));
}

function schemasOf({ method, path }: ContractCall): EndpointSchemas | undefined {
  const full = path.replace('{P}', '/v5/iot/{project_id}');
  const endpoint = endpoints.find((candidate) => candidate.method === method && candidate.path === full);
  if (endpoint === undefined) return undefined;
  return (endpointSchemas as Readonly<Record<string, EndpointSchemas>>)[endpoint.operationId];
}

/** What fails while a scenario prepares its call is as much a reason as a wrong answer. */
async function withReason(attempt: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await attempt();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return name === 'MusterError' ? message : `${name}: ${message}`;
  }
}

interface Subject {
  readonly call: ContractCall;
  readonly scenario: Scenario;
  readonly schemas: EndpointSchemas;
}

async function tryAs(
  caller: Caller,
  { call, scenario, schemas }: Subject,
  { given, requestIds }: TrialParts,
): Promise<string | undefined> {
  const { judge, ...sent } = await scenario(given);
  let answer: Response;
  try {
    answer = await caller.call(call, sent);
  } catch (error) {
    const { status, code, message } = refusalOf(error);
    return `${status} ${code} ${message}`;
  }
  const idFault = requestIdFault(answer.headers.get('x-request-id') ?? '', requestIds);
  if (idFault !== undefined) return idFault;
  if (answer.status !== call.status) return `the status is ${answer.status} instead of ${call.status}`;
  return bodyFault(answer, schemas, judge);
}

async function bodyFault(
  answer: Response,
  { response }: EndpointSchemas,
  judge: Act['judge'],
): Promise<string | undefined> {
  if (judge !== undefined) return judge(answer);
  const text = await answer.text();
  if (response === undefined) return text === '' ? undefined : 'the answer has a body, its schema has none';
  const type = answer.headers.get('content-type') ?? 'none';
  if (!type.startsWith('application/json')) return `the content type is ${type}`;
  return shapeFault(response, JSON.parse(text));
}

function requestIdFault(id: string, seen: Set<string>): string | undefined {
  if (!/^[0-9a-f]{32}$/.test(id)) return `X-Request-Id is '${id}'`;
  if (seen.has(id)) return `X-Request-Id ${id} came twice`;
  seen.add(id);
  return undefined;
}

/** v5 2: nobody gets in without credentials, and is told so like everybody else. */
async function tryAsStranger(call: ContractCall, { stranger, requestIds }: TrialParts): Promise<string | undefined> {
  const names = [...call.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): [string, string] => [name, 'nobody']);
  try {
    const { status } = await stranger.call(call, { params: Object.fromEntries(names) });
    return `without credentials the status is ${status}`;
  } catch (error) {
    const { status, code, requestId } = refusalOf(error);
    if (status !== 401 || code !== 'IOTDA.000002') return `without credentials the answer is ${status} ${code}`;
    return requestIdFault(requestId, requestIds);
  }
}
