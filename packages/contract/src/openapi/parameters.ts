import type { TObject } from 'typebox';
import { isObject } from '../schema.ts';
import { plain } from './components.ts';
import type { Parameter } from './document.ts';

const pathWords: Readonly<Record<string, string>> = {
  project_id: 'The project.',
  app_id: 'The application.',
  owner_app_id: 'The application whose devices are shared.',
  caller_app_id: 'The application that may use them.',
  product_id: 'The product.',
  device_id: 'The device.',
  group_id: 'The device group.',
  command_id: 'The command.',
  message_id: 'The message.',
  package_id: 'The upgrade package.',
  module_id: 'The OTA module.',
  task_id: 'The batch task.',
  task_type: 'Type of the task.',
  file_id: 'The file.',
  export_task_id: 'The export task.',
  rule_id: 'The rule.',
  action_id: 'The action.',
  policy_id: 'The policy.',
  queue_id: 'The queue.',
  user_id: 'The user.',
  access_key: 'The AK.',
  role_id: 'The assignment of a role.',
  fileId: 'The upgrade package.',
  devGroupId: 'The device group.',
};

/** The names between braces, in their order. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

export function pathParameters(path: string): Parameter[] {
  return pathNames(path).map((name) => ({
    name,
    in: 'path',
    description: pathWords[name] ?? `The ${name.replaceAll('_', ' ')}.`,
    required: true,
    schema: { type: 'string' },
  }));
}

export function queryParameters(query: TObject | undefined): Parameter[] {
  if (query === undefined) return [];
  const { properties, required } = plain(query);
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {})
    .filter((member): member is [string, Readonly<Record<string, unknown>>] => isObject(member[1]))
    .map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      description: String(description ?? ''),
      required: needed.includes(name),
      schema,
    }));
}

export function headerParameters(headers: Readonly<Record<string, string>> = {}): Parameter[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    required: false,
    schema: { type: 'string' },
  }));
}
