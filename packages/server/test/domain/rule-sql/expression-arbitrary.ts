import fc from 'fast-check';
import { type Expression, type FunctionName, functions } from '../../../src/domain/rule-sql/expression.ts';

const name = fc.oneof(
  fc.constantFrom('event', 'a_1', 'NOT', 'select', 'a-b', 'a"b', '中 文', "it's"),
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
);

const isPlain = (text: string): boolean =>
  /^[a-z_][a-z0-9_]*$/.test(text) && !['not', 'select', 'true', 'false'].includes(text);
const printName = (text: string): string =>
  isPlain(text) && text.length > 4 ? text : `"${text.replaceAll('"', '""')}"`;

const path = fc.tuple(name, fc.array(fc.oneof(name, fc.nat({ max: 99 })), { maxLength: 3 })).map(
  ([first, rest]): Expression => ({
    kind: 'path',
    steps: [first, ...rest],
    text: first + rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join(''),
  }),
);

const constant = fc
  .oneof(
    fc.string({ maxLength: 8, unit: 'grapheme' }),
    fc.integer({ min: -999, max: 999 }),
    fc.constantFrom(0.5, 12.25),
    fc.boolean(),
  )
  .map((value): Expression => ({ kind: 'constant', value: Object.is(value, -0) ? 0 : value }));

/** Anything that the language of rules can say, three levels deep. */
export const expressionArbitrary: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => {
  const part = tie('expression');
  const parts = fc.array(part, { minLength: 2, maxLength: 3 });
  const call = fc.constantFrom(...(Object.keys(functions) as FunctionName[])).chain((called) => {
    const { argsMin, argsMax } = functions[called];
    return fc.record({
      kind: fc.constant('call' as const),
      name: fc.constant(called),
      args: fc.array(part, { minLength: argsMin, maxLength: argsMax }),
    });
  });
  return {
    expression: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'expression' },
      constant,
      path,
      call,
      fc.record({
        kind: fc.constant('arithmetic' as const),
        operator: fc.constantFrom('+', '-', '*', '/', '||'),
        left: part,
        right: part,
      }),
      fc.record({
        kind: fc.constant('comparison' as const),
        operator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
        left: part,
        right: part,
      }),
      fc.record({ kind: fc.constant('like' as const), operand: part, pattern: part }),
      fc.record({ kind: fc.constant('null' as const), operand: part, negated: fc.boolean() }),
      fc.record({
        kind: fc.constant('in' as const),
        operand: part,
        list: fc.array(part, { minLength: 1, maxLength: 3 }),
        negated: fc.boolean(),
      }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts }),
    ),
  };
}).expression;

/** With parentheses around every part, so that it means what it says whatever binds tighter. */
export function printExpression(expression: Expression): string {
  const inner = (one: Expression): string => (one.kind === 'call' ? printExpression(one) : `(${printExpression(one)})`);
  switch (expression.kind) {
    case 'constant':
      return typeof expression.value === 'string'
        ? `'${expression.value.replaceAll("'", "''")}'`
        : String(expression.value);
    case 'path':
      return expression.steps
        .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${printName(step)}`))
        .join('');
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`;
    case 'arithmetic':
    case 'comparison':
      return `${inner(expression.left)} ${expression.operator} ${inner(expression.right)}`;
    case 'like':
      return `${inner(expression.operand)} LIKE ${inner(expression.pattern)}`;
    case 'null':
      return `${inner(expression.operand)} IS${expression.negated ? ' NOT' : ''} NULL`;
    case 'in':
      return `${inner(expression.operand)}${expression.negated ? ' NOT' : ''} IN (${expression.list.map(printExpression).join(', ')})`;
    case 'and':
    case 'or':
      return expression.parts.map(inner).join(` ${expression.kind} `);
  }
}
