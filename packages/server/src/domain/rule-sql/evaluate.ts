import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { callFunction } from './call-function.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, Path, Selection } from './expression.ts';
import { isLike } from './like.ts';
import type { Steps } from './steps.ts';
import { concatenation, numberOf, textOf, type Value } from './value.ts';

/** What an evaluation works with. */
export interface Around {
  readonly event: JsonObject;
  readonly steps: Steps;
}

/** v5 15.1: what is unknown is not true; nor is what took too many steps. */
export const isTrueOf = (condition: Expression, around: Around): boolean =>
  evaluate(condition, around) === true && !around.steps.areUsedUp;

/** What is pushed of the event; unknown values are null. */
export function select({ everything, items }: Selection, around: Around): JsonObject {
  const members = items.map(({ key, value }): [string, Json] => [key, evaluate(value, around) ?? null]);
  return Object.fromEntries([...(everything ? Object.entries(around.event) : []), ...members]);
}

export function evaluate(expression: Expression, around: Around): Value {
  const { steps } = around;
  if (!steps.take(1)) return undefined;
  const of = (one: Expression): Value => evaluate(one, around);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'path':
      return valueAt(expression, around);
    case 'call':
      return callFunction(expression.name, expression.args.map(of), around);
    case 'arithmetic':
      return compute(expression.operator, [of(expression.left), of(expression.right)], steps);
    case 'comparison':
      return compare(expression.operator, [of(expression.left), of(expression.right)], steps);
    case 'like':
      return likeness(of(expression.operand), of(expression.pattern), steps);
    case 'null':
      return (of(expression.operand) === undefined) !== expression.negated;
    case 'in': {
      const operand = of(expression.operand);
      const hits = expression.list.map((one) => compare('=', [operand, of(one)], steps));
      return negate(anyOf(hits), expression.negated);
    }
    case 'and':
      return negate(anyOf(expression.parts.map((part) => negate(of(part), true))), true);
    case 'or':
      return anyOf(expression.parts.map(of));
  }
}

function valueAt(path: Path, { event, steps }: Around): Value {
  if (!steps.take(path.steps.length)) return undefined;
  let value: Value = event;
  for (const step of path.steps) {
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

type Pair = readonly [left: Value, right: Value];

function compute(operator: ArithmeticOperator, [left, right]: Pair, steps: Steps): Value {
  if (operator === '||') return concatenation(left, right, steps);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
  return Number.isFinite(result) ? result : undefined;
}

function likeness(operand: Value, pattern: Value, steps: Steps): boolean | undefined {
  const [text, like] = [textOf(operand), textOf(pattern)];
  return text === undefined || like === undefined ? undefined : isLike(text, like, steps);
}

function compare(operator: ComparisonOperator, [left, right]: Pair, steps: Steps): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  const order = orderOf(left, right, steps);
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
function orderOf(left: Json, right: Json, steps: Steps): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    if (!steps.take(Math.min(left.length, right.length))) return undefined;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  return a === undefined || b === undefined ? undefined : a - b;
}

/** Values of different kinds, lists and objects are neither equal nor unequal. */
const equality = (left: Json, right: Json): boolean | undefined =>
  typeof left === 'boolean' && typeof right === 'boolean' ? left === right : undefined;
