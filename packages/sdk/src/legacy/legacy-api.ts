import {
  type LegacyAnswerOf,
  type LegacyBodyOf,
  type LegacyEndpoint,
  legacyEndpoints,
  type LegacyOperation,
  type LegacyQueryOf,
} from '@muster/contract/legacy';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { ApiCall, CallOptions, Query, Transport } from '../transport.ts';

/** What travels with a call beside its query and body. */
export interface LegacyCallOptions extends CallOptions {
  /** Another application, which has authorised this one; absent: this one (legacy 1.2). */
  readonly appId?: string | undefined;
}

type Given<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : object extends Value
    ? { readonly [Key in Name]?: ReadonlyDeep<Value> | undefined }
    : { readonly [Key in Name]: ReadonlyDeep<Value> };

/** Everything of a call, as the endpoint table has it. */
export type LegacyInput<Operation extends LegacyOperation> = LegacyCallOptions & {
  /** For each `{name}` of the path. */
  readonly params?: Readonly<Record<string, string>> | undefined;
} & Given<'query', LegacyQueryOf<Operation>> &
  Given<'body', LegacyBodyOf<Operation>>;

/** Whatever any of them may have. */
interface AnyInput extends LegacyCallOptions {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly form?: FormData | undefined;
}

/** Lists: an answer has one array. */
type ItemOf<Answer> = {
  [Key in keyof Answer]: Answer[Key] extends readonly (infer Item)[] ? Item : never;
}[keyof Answer];

/** Calls that give a list in pages. */
export type LegacyListOperation = {
  [Operation in LegacyOperation]: LegacyQueryOf<Operation> extends { pageNo?: number } ? Operation : never;
}[LegacyOperation];

export type LegacyItem<Operation extends LegacyListOperation> = ItemOf<LegacyAnswerOf<Operation>>;

/** Calls by their names in the endpoint table: what is added there can be called without a change here. */
export interface LegacyApi {
  call<Operation extends LegacyOperation>(
    operation: Operation,
    input: LegacyInput<Operation>,
  ): Promise<LegacyAnswerOf<Operation>>;
  /** A call whose body is a file. */
  upload<Operation extends LegacyOperation>(
    operation: Operation,
    form: FormData,
    options?: LegacyCallOptions,
  ): Promise<LegacyAnswerOf<Operation>>;
  /** Every item of a list, a page in memory at a time; `pageNo` and `pageSize` of the query are its own. */
  each<Operation extends LegacyListOperation>(
    operation: Operation,
    input: LegacyInput<Operation>,
  ): AsyncGenerator<LegacyItem<Operation>, void>;
}

/** The largest page that every list gives (legacy 1.4). */
const pageSize = 100;

export function createLegacyApi(transport: Transport): LegacyApi {
  const send = <Answer>(operation: LegacyOperation, input: AnyInput): Promise<Answer> =>
    transport.json<Answer>(callOf(endpointOf(operation), input));
  return {
    call: async (operation, input) => send(operation, input),
    upload: async (operation, form, options) => send(operation, { ...options, form }),
    async *each(operation, input) {
      const { query, ...rest } = input as AnyInput;
      for (let pageNo = 0; ; pageNo += 1) {
        const page = await send<object>(operation, { ...rest, query: { ...query, pageNo, pageSize } });
        const items = itemsOf(page);
        // The table says what the items of this call are.
        yield* items as readonly LegacyItem<typeof operation>[];
        if (items.length < pageSize) return;
      }
    },
  };
}

function endpointOf(operation: LegacyOperation): LegacyEndpoint {
  const endpoint = legacyEndpoints.find(({ operationId }) => operationId === operation);
  if (endpoint === undefined) throw new TypeError(`There is no call ${operation}.`);
  return endpoint;
}

function callOf({ method, path, ownerQuery }: LegacyEndpoint, input: AnyInput): ApiCall {
  const { params = {}, query, body, form, appId, signal } = input;
  return {
    ...{ method, signal, json: body, form },
    path: path
      .slice(1)
      .split('/')
      .map((segment) => segmentOf(segment, params)),
    query: { ...(query as Query | undefined), ...(appId === undefined ? {} : { [ownerQuery ?? 'appId']: appId }) },
  };
}

function segmentOf(segment: string, params: Readonly<Record<string, string>>): string {
  const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
  if (name === undefined) return segment;
  const value = params[name];
  if (value === undefined) throw new TypeError(`The path needs ${name}.`);
  return value;
}

function itemsOf(page: object): readonly unknown[] {
  const items = Object.values(page).find((member): member is readonly unknown[] => Array.isArray(member));
  if (items === undefined) throw new TypeError('The answer has no list.');
  return items;
}
