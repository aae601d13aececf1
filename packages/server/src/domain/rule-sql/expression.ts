/** v5 15.1. A step is the name of a member or the place in a list, from 0. `text`: as it is shown, without quotes. */
export interface Path {
  readonly kind: 'path';
  readonly steps: readonly (string | number)[];
  readonly text: string;
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: string | number | boolean;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '||';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression =
  | Path
  | Constant
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'like'; readonly operand: Expression; readonly pattern: Expression }
  | { readonly kind: 'null'; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly list: readonly Expression[];
      readonly negated: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] };

/** The members of what is pushed; `everything`: all of the event, too. */
export interface Selection {
  readonly everything: boolean;
  readonly items: readonly { readonly key: string; readonly value: Expression }[];
}

interface FunctionShape {
  readonly argsMin: number;
  readonly argsMax: number;
  /** It is a condition. */
  readonly boolean: boolean;
}

/** v5 15.1. */
export const functions = {
  get_tag: { argsMin: 1, argsMax: 1, boolean: false },
  contains_tag: { argsMin: 1, argsMax: 1, boolean: true },
  get_service: { argsMin: 1, argsMax: 2, boolean: false },
  get_services: { argsMin: 1, argsMax: 2, boolean: false },
  contains_services: { argsMin: 1, argsMax: 2, boolean: true },
  get_service_properties: { argsMin: 1, argsMax: 1, boolean: false },
  get_service_property: { argsMin: 2, argsMax: 2, boolean: false },
  starts_with: { argsMin: 2, argsMax: 2, boolean: true },
  ends_with: { argsMin: 2, argsMax: 2, boolean: true },
  concat: { argsMin: 2, argsMax: 2, boolean: false },
  replace: { argsMin: 3, argsMax: 3, boolean: false },
  substring: { argsMin: 2, argsMax: 3, boolean: false },
  lower: { argsMin: 1, argsMax: 1, boolean: false },
  upper: { argsMin: 1, argsMax: 1, boolean: false },
} as const satisfies Readonly<Record<string, FunctionShape>>;
export type FunctionName = keyof typeof functions;
