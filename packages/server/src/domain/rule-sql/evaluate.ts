import { isJsonObject, isSameJson, type Json, type JsonObject } from '../json.ts';
import { callFunction } from './call-function.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, Path, Selection } from './expression.ts';
import { isLike } from './like.ts';
import { concatenation, numberOf, textOf, type Value } from './value.ts';

/** v5 15.1: what is unknown is not true. */
export const isTrueOf = (condition: Expression, event: JsonObject): boolean => evaluate(condition, event) === true;

/** What is pushed of the event; unknown values are null. */
export function select({ everything, items }: Selection, event: JsonObject): JsonObject {
  const members = items.map(({ key, value }): [string, Json] => [key, evaluate(value, event) ?? null]);
  return Object.fromEntries([...(everything ? Object.entries(event) : []), ...members]);
}

export function evaluate(expression: Expression, event: JsonObject): Value {
  const of = (one: Expression): Value => evaluate(one, event);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'path':
      return valueAt(expression, event);
    case 'call':
      return callFunction(expression.name, expression.args.map(of), event);
    case 'arithmetic':
      return compute(expression.operator, of(expression.left), of(expression.right));
    case 'comparison':
      return compare(expression.operator, of(expression.left), of(expression.right));
    case 'like':
      return likeness(of(expression.operand), of(expression.pattern));
    case 'null':
      return (of(expression.operand) === undefined) !== expression.negated;
    case 'in':
      return negate(
        anyOf(expression.list.map((one) => compare('=', of(expression.operand), of(one)))),
        expression.negated,
      );
    case 'and':
      return negate(anyOf(expression.parts.map((part) => negate(of(part), true))), true);
    case 'or':
      return anyOf(expression.parts.map(of));
  }
}

function valueAt({ steps }: Path, event: JsonObject): Value {
  let value: Value = event;
  for (const step of steps) {
    if (typeof step === 'number') value = Array.isArray(value) ? (value as readonly Json[])[step] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value ?? undefined;
}

/** True if one is; false if all are; else unknown. */
function anyOf(values: readonly Value[]): boolean | undefined {
  if (values.includes(true)) return true;
  return values.every((value) => value === false) ? false : undefined;
}

const negate = (value: Value, negated: boolean): boolean | undefined =>
  typeof value === 'boolean' ? value !== negated : undefined;

function compute(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (operator === '||') return concatenation(left, right);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
  return Number.isFinite(result) ? result : undefined;
}

function likeness(operand: Value, pattern: Value): boolean | undefined {
  const [text, like] = [textOf(operand), textOf(pattern)];
  return text === undefined || like === undefined ? undefined : isLike(text, like);
}

function compare(operator: ComparisonOperator, left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  const order = orderOf(left, right);
  switch (operator) {
    case '=':
      return order === undefined ? equality(left, right) : order === 0;
    case '<>':
      return order === undefined ? negate(equality(left, right), true) : order !== 0;
    case '<':
      return order === undefined ? undefined : order < 0;
    case '<=':
      return order === undefined ? undefined : order <= 0;
    case '>':
      return order === undefined ? undefined : order > 0;
    case '>=':
      return order === undefined ? undefined : order >= 0;
  }
}

/** Texts by their characters; a text that is a number is one beside a number. */
function orderOf(left: Json, right: Json): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  const [a, b] = [numberOf(left), numberOf(right)];
  return a === undefined || b === undefined ? undefined : a - b;
}

/** Values of different kinds are neither equal nor unequal. */
const equality = (left: Json, right: Json): boolean | undefined =>
  typeof left === typeof right ? isSameJson(left, right) : undefined;
