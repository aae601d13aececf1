import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import type { CreateRule, PageInfo, Rule, RuleQuery, UpdateRule } from './wire.ts';

/** Push rules (v5 15.1): a new one fires once it has an action and was set active. */
export function createRules(api: ProjectApi) {
  type Page = { rules: Rule[] } & PageInfo;
  const base = ['routing-rule', 'rules'];
  const list = (query: RuleQuery = {}, options?: CallOptions): Promise<Page> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: CreateRule, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    // v5 1: count and marker stand at the top level here.
    listAll: (query: RuleQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: RuleQuery) => list(paged, options),
        ({ rules, marker }) => ({ items: rules, marker }),
        query,
      ),
    get: (ruleId: string, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'GET', path: [...base, ruleId] }),
    update: (ruleId: string, body: UpdateRule, options?: CallOptions): Promise<Rule> =>
      api.json({ ...options, method: 'PUT', path: [...base, ruleId], json: body }),
    delete: (ruleId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, ruleId] }),
  };
}
