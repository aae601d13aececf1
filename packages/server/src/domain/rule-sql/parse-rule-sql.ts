import { TokenReader } from '../sql/token-reader.ts';
import { type Lexicon, shapes } from '../sql/tokens.ts';
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  type Expression,
  type FunctionName,
  functions,
  type Path,
  type Selection,
} from './expression.ts';

const lexicon: Lexicon = [
  shapes.space,
  shapes.word,
  shapes.decimal,
  shapes.text,
  shapes.name,
  ['sign', /\|\||<>|<=|>=|[=<>(),*+\-/.[\]]/y],
];

/** Parentheses and calls within each other. */
const depthMax = 32;
const aliasesMax = 10;
const aliasCharsMax = 32;

/** What stands between SELECT and WHERE (v5 15.1). Problems: invalidSql (`select`). */
export function parseSelect(text: string): Selection {
  const parser = new RuleParser(text, 'select');
  return parser.selection();
}

/** What stands behind WHERE (v5 15.1). Problems: invalidSql (`where`). */
export function parseCondition(text: string): Expression {
  const parser = new RuleParser(text, 'where');
  return parser.condition();
}

const reserved: ReadonlySet<string> = new Set([
  'as',
  'and',
  'or',
  'not',
  'in',
  'is',
  'null',
  'like',
  'select',
  'where',
]);
const comparisons: readonly ComparisonOperator[] = ['=', '<>', '<=', '>=', '<', '>'];

class RuleParser {
  readonly #reader: TokenReader;
  #depth = 0;

  constructor(text: string, field: string) {
    this.#reader = new TokenReader(text, lexicon, field);
  }

  selection(): Selection {
    const items: { key: string; value: Expression }[] = [];
    let everything = false;
    let aliases = 0;
    do {
      const { position } = this.#reader.next;
      if (this.#reader.takesSign('*')) {
        everything = true;
        continue;
      }
      const value = this.#expression();
      const alias = this.#alias();
      if (alias !== undefined && ++aliases > aliasesMax)
        throw this.#reader.refusedAt(position, `more than ${aliasesMax} AS`);
      if (alias === undefined && value.kind !== 'path') throw this.#reader.wrong("'as' behind what is not a path");
      const key = alias ?? (value as Path).text;
      if (items.some((item) => item.key === key)) throw this.#reader.refusedAt(position, `'${key}' is selected twice`);
      items.push({ key, value });
    } while (this.#reader.takesSign(','));
    this.#reader.end();
    return { everything, items };
  }

  condition(): Expression {
    const { position } = this.#reader.next;
    const expression = this.#expression();
    this.#reader.end();
    if (!canBeCondition(expression)) throw this.#reader.refusedAt(position, 'a condition is expected');
    return expression;
  }

  #alias(): string | undefined {
    if (!this.#reader.takesWord('as')) return undefined;
    const { position } = this.#reader.next;
    const alias = this.#name('a name');
    if ([...alias].length > aliasCharsMax) {
      throw this.#reader.refusedAt(position, `a name behind AS has at most ${aliasCharsMax} characters`);
    }
    return alias;
  }

  #expression(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#comparison()));
  }

  #chain(kind: 'and' | 'or', part: () => Expression): Expression {
    const first = part();
    const parts = [first];
    while (this.#reader.takesWord(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #comparison(): Expression {
    const operand = this.#concatenation();
    const operator = comparisons.find((sign) => this.#reader.takesSign(sign));
    if (operator !== undefined) return { kind: 'comparison', operator, left: operand, right: this.#concatenation() };
    if (this.#reader.takesWord('like')) return { kind: 'like', operand, pattern: this.#concatenation() };
    if (this.#reader.takesWord('is')) {
      const negated = this.#reader.takesWord('not');
      this.#reader.word('null');
      return { kind: 'null', operand, negated };
    }
    const negated = this.#reader.takesWord('not');
    if (this.#reader.takesWord('in')) return { kind: 'in', operand, list: this.#inParentheses(), negated };
    if (negated) throw this.#reader.wrong("'in'");
    return operand;
  }

  #concatenation(): Expression {
    return this.#leftToRight(['||'], () =>
      this.#leftToRight(['+', '-'], () => this.#leftToRight(['*', '/'], this.#unary)),
    );
  }

  #leftToRight(operators: readonly ArithmeticOperator[], part: () => Expression): Expression {
    let left = part();
    for (;;) {
      const operator = operators.find((sign) => this.#reader.takesSign(sign));
      if (operator === undefined) return left;
      left = { kind: 'arithmetic', operator, left, right: part() };
    }
  }

  readonly #unary = (): Expression => {
    if (!this.#reader.takesSign('-')) return this.#primary();
    if (this.#reader.next.kind === 'number') return { kind: 'constant', value: -this.#reader.number() };
    const zero: Expression = { kind: 'constant', value: 0 };
    return { kind: 'arithmetic', operator: '-', left: zero, right: this.#primary() };
  };

  #primary(): Expression {
    const { kind, value } = this.#reader.next;
    if (kind === 'text') return { kind: 'constant', value: this.#reader.text() };
    if (kind === 'number') return { kind: 'constant', value: this.#reader.number() };
    if (this.#reader.takesWord('true')) return { kind: 'constant', value: true };
    if (this.#reader.takesWord('false')) return { kind: 'constant', value: false };
    if (kind === 'sign' && value === '(') return this.#grouped();
    return this.#pathOrCall();
  }

  #grouped(): Expression {
    const [first, ...rest] = this.#inParentheses();
    if (first === undefined || rest.length > 0) throw this.#reader.refused('a list stands behind IN only');
    return first;
  }

  #pathOrCall(): Expression {
    const { kind, position } = this.#reader.next;
    const first = this.#name('a path, a value or a function');
    const name = first.toLowerCase();
    const isCall = kind === 'word' && this.#reader.next.kind === 'sign' && this.#reader.next.value === '(';
    if (!isCall) return this.#path(first);
    if (!Object.hasOwn(functions, name)) throw this.#reader.refusedAt(position, `there is no function ${first}`);
    const { argsMin, argsMax } = functions[name as FunctionName];
    const args = this.#inParentheses();
    if (args.length < argsMin || args.length > argsMax) {
      const wanted = argsMin === argsMax ? argsMin : `${argsMin} to ${argsMax}`;
      throw this.#reader.refusedAt(position, `${first} takes ${wanted} argument${argsMax === 1 ? '' : 's'}`);
    }
    return { kind: 'call', name: name as FunctionName, args };
  }

  /** At least one expression. */
  #inParentheses(): readonly Expression[] {
    this.#depth += 1;
    if (this.#depth > depthMax) throw this.#reader.refused(`more than ${depthMax} parentheses within each other`);
    this.#reader.sign('(');
    const list: Expression[] = [];
    do list.push(this.#expression());
    while (this.#reader.takesSign(','));
    this.#reader.sign(')');
    this.#depth -= 1;
    return list;
  }

  #path(first: string): Path {
    const steps: (string | number)[] = [first];
    let text = first;
    for (;;) {
      if (this.#reader.takesSign('.')) {
        const name = this.#name('the name of a member');
        steps.push(name);
        text += `.${name}`;
      } else if (this.#reader.takesSign('[')) {
        const { position } = this.#reader.next;
        const place = this.#reader.number();
        if (!Number.isSafeInteger(place)) throw this.#reader.refusedAt(position, 'a place in a list is a whole number');
        this.#reader.sign(']');
        steps.push(place);
        text += `[${place}]`;
      } else {
        return { kind: 'path', steps, text };
      }
    }
  }

  #name(expected: string): string {
    const { kind, value } = this.#reader.next;
    if (kind === 'name') return this.#reader.take('name', expected);
    if (kind !== 'word' || reserved.has(value.toLowerCase())) throw this.#reader.wrong(expected);
    return this.#reader.take('word', expected);
  }
}

function canBeCondition(expression: Expression): boolean {
  switch (expression.kind) {
    case 'constant':
      return typeof expression.value === 'boolean';
    case 'call':
      return functions[expression.name].boolean || expression.name === 'get_service_property';
    case 'arithmetic':
      return false;
    case 'and':
    case 'or':
      return expression.parts.every(canBeCondition);
    default:
      return true;
  }
}
