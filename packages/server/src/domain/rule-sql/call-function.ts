import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Around } from './evaluate.ts';
import type { FunctionName } from './expression.ts';
import type { Steps } from './steps.ts';
import { concatenation, textCharsMax, textOf, type Value } from './value.ts';

/** v5 15.1. An argument that is unknown or unfit makes the result unknown. */
export function callFunction(name: FunctionName, args: readonly Value[], around: Around): Value {
  const { event, steps } = around;
  // Nothing below looks at more than its arguments, but for what it makes and the services of the event.
  const characters = args.reduce<number>((sum, arg) => sum + (typeof arg === 'string' ? arg.length : 1), 0);
  if (!steps.take(characters)) return undefined;
  const [first, second, third] = args;
  switch (name) {
    case 'get_tag':
      return tagOf(event, first);
    case 'contains_tag':
      return tagOf(event, first) !== undefined;
    case 'get_service':
      return servicesOf(around, first, second)[0];
    case 'get_services':
      return servicesOf(around, first, second);
    case 'contains_services':
      return servicesOf(around, first, second).length > 0;
    case 'get_service_properties':
      return memberOf(servicesOf(around, first, false)[0], 'properties');
    case 'get_service_property':
      return memberOf(memberOf(servicesOf(around, first, false)[0], 'properties'), second);
    case 'starts_with':
      return ofTexts([first, second], (text, start) => text.startsWith(start));
    case 'ends_with':
      return ofTexts([first, second], (text, end) => text.endsWith(end));
    case 'concat':
      return concatenation(first, second, steps);
    case 'replace':
      return ofTexts([first, second, third], (...texts) => replacement(texts, steps));
    case 'substring':
      return substring(first, second, args.length > 2 ? third : Number.MAX_SAFE_INTEGER);
    case 'lower':
      return ofTexts([first], (text) => text.toLowerCase());
    case 'upper':
      return ofTexts([first], (text) => text.toUpperCase());
  }
}

function ofTexts<Result>(
  values: readonly Value[],
  work: (...texts: [string, string, string]) => Result,
): Result | undefined {
  const texts = values.map(textOf);
  return texts.includes(undefined) ? undefined : work(...(texts as [string, string, string]));
}

function replacement([text, target, by]: readonly [string, string, string], steps: Steps): string | undefined {
  if (target === '') return text;
  const parts = text.split(target);
  const length = text.length + (parts.length - 1) * (by.length - target.length);
  return length > textCharsMax || !steps.take(length) ? undefined : parts.join(by);
}

/** From `begin`, counted from 0, up to but not with `end`. */
function substring(text: Value, begin: Value, end: Value): string | undefined {
  if (typeof text !== 'string' || !isPlace(begin) || !isPlace(end)) return undefined;
  return [...text].slice(begin, end).join('');
}

const isPlace = (value: Value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function tagOf(event: JsonObject, key: Value): Value {
  const tags = memberOf(memberOf(memberOf(event, 'notify_data'), 'header'), 'tags');
  const found = Array.isArray(tags)
    ? (tags as readonly Json[]).find((tag) => memberOf(tag, 'tag_key') === key)
    : undefined;
  return memberOf(found, 'tag_value');
}

/** Those of a property report with this service id, or, `fuzzy`, with one that has it in it. */
function servicesOf({ event, steps }: Around, id: Value, fuzzy: Value): readonly Json[] {
  const services = memberOf(memberOf(memberOf(event, 'notify_data'), 'body'), 'services');
  if (!Array.isArray(services) || typeof id !== 'string') return [];
  // An id has at most 256 characters (device 3.2).
  if (!steps.take(services.length * (fuzzy === true ? 256 : 1))) return [];
  return (services as readonly Json[]).filter((service) => {
    const given = memberOf(service, 'service_id');
    return fuzzy === true ? typeof given === 'string' && given.includes(id) : given === id;
  });
}

function memberOf(value: Value, name: Value): Value {
  if (typeof name !== 'string' || !isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] ?? undefined;
}
