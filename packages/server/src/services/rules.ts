import { type AppId, asId, type ProjectId, type RecordId, type RuleId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { parseCondition, parseSelect } from '../domain/rule-sql/parse-rule-sql.ts';
import { Problem, invalid } from '../domain/problem.ts';
import { type Rule, type RuleSubject, subjects } from '../domain/rule.ts';
import type { Random } from '../ports/random.ts';
import type { RuleFilter } from '../ports/store/push-store.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';

export type { RuleFilter };

export interface CreateRule {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly subject: RuleSubject;
  readonly appType: 'GLOBAL' | 'APP';
  /** For APP; absent: the default application. */
  readonly appId: AppId | undefined;
  readonly select: string | undefined;
  readonly where: string | undefined;
}

export interface RuleChanges {
  readonly name?: string;
  readonly description?: string;
  /** Both or neither; empty ones clear. */
  readonly select?: string;
  readonly where?: string;
  readonly active?: boolean;
}

/** Which rule a call means. */
export interface RuleKey {
  readonly projectId: ProjectId;
  readonly ruleId: RuleId;
}

/** Push rules (v5 15.1). Unknown ones are ruleNotFound in every call that names one. */
export interface RuleService {
  /** Inactive until an update says otherwise. Problems: appNotFound, invalidInput (`subject`), invalidSql (`select`, `where`). */
  create(projectId: ProjectId, command: CreateRule): Promise<Rule>;
  /** Problems: appNotFound. */
  list(filter: RuleFilter, page: PageRequest): Promise<Page<Rule>>;
  get(key: RuleKey): Promise<Rule>;
  /** What is absent stays as it is. Problems: invalidInput (one without the other), invalidSql (`select`, `where`). */
  update(key: RuleKey, changes: RuleChanges): Promise<Rule>;
  /** Its actions go with it. */
  delete(key: RuleKey): Promise<void>;
}

export interface RuleServiceParts {
  readonly store: Pick<Store, 'apps' | 'rules'>;
  readonly random: Random;
}

export function createRuleService(parts: RuleServiceParts): RuleService {
  const { store } = parts;
  const get = async ({ projectId, ruleId }: RuleKey): Promise<Rule> => {
    const rule = await store.rules.find(projectId, ruleId);
    if (rule === undefined) throw new Problem('ruleNotFound');
    return rule;
  };
  return {
    create: (projectId, command) => create(parts, projectId, command),
    list: async (filter, page) => {
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.rules.list(filter, page);
    },
    get,
    update: (key, changes) => update(parts, key, changes),
    delete: ({ projectId, ruleId }) => store.rules.delete(projectId, ruleId),
  };
}

async function create({ store, random }: RuleServiceParts, projectId: ProjectId, command: CreateRule): Promise<Rule> {
  const { name, description, subject } = command;
  checkSubject(subject);
  checkSql(command);
  const app =
    command.appType === 'APP' || command.appId !== undefined
      ? await owningApp(store.apps, projectId, command.appId)
      : undefined;
  const rule: Rule = {
    recordId: asId<RecordId>(random.orderedId()),
    ruleId: asId<RuleId>(random.uuid()),
    projectId,
    name,
    description,
    subject,
    // v5 15.1: GLOBAL is the whole project, whatever application is named beside it.
    appId: command.appType === 'APP' ? app?.appId : undefined,
    select: orEverything(command.select),
    where: orEverything(command.where),
    active: false,
  };
  await store.rules.insert(rule);
  return rule;
}

function checkSubject({ resource, event }: RuleSubject): void {
  const subject = `${resource}:${event}`;
  if (subjects.some((known) => known === subject)) return;
  throw invalid('subject', `${subject} does not exist; known are ${subjects.join(', ')}`);
}

async function update({ store }: RuleServiceParts, key: RuleKey, changes: RuleChanges): Promise<Rule> {
  const { select, where, ...rest } = changes;
  if ((select === undefined) !== (where === undefined)) {
    throw invalid(
      select === undefined ? 'select' : 'where',
      'must be given together with the other of select and where',
    );
  }
  checkSql({ select, where });
  const sql = select === undefined ? {} : { select: orEverything(select), where: orEverything(where) };
  return store.rules.update(key.projectId, key.ruleId, { ...rest, ...sql });
}

/** Problems: invalidSql. */
function checkSql({ select, where }: Pick<CreateRule, 'select' | 'where'>): void {
  if (select !== undefined && select !== '') parseSelect(select);
  if (where !== undefined && where !== '') parseCondition(where);
}

/** Empty: everything, always. */
const orEverything = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
