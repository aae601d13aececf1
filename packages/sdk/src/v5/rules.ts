import type {
  CreateRuleRequest,
  ListRulesQuery,
  ListRulesResponse,
  Rule,
  UpdateRuleRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Push rules (v5 15.1): a new one fires once it has an action and was set active. */
export function createRules(api: ProjectApi) {
  const base = ['routing-rule', 'rules'];
  const list = (query: ListRulesQuery = {}, options?: CallOptions): Promise<ListRulesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: ReadonlyDeep<CreateRuleRequest>, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    // v5 1: count and marker stand at the top level here.
    listAll: (query: ListRulesQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListRulesQuery) => list(paged, options),
        ({ rules, marker }) => ({ items: rules, marker }),
        query,
      ),
    get: (ruleId: string, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'GET', path: [...base, ruleId] }),
    update: (ruleId: string, body: ReadonlyDeep<UpdateRuleRequest>, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'PUT', path: [...base, ruleId], json: body }),
    delete: (ruleId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, ruleId] }),
  };
}
