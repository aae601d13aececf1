import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface ColumnType {
  readonly type: 'TEXT' | 'INTEGER';
  readonly nullable: boolean;
  readonly generated: boolean;
}

/** What tables.ts and its like say of every column, by table: read from their source, because types are gone at run time. */
export function readTableTypes(folder: string): Record<string, Record<string, ColumnType>> {
  const statements = ['tables.ts', 'device-tables.ts', 'push-tables.ts', 'legacy-tables.ts'].flatMap((name) => [
    ...ts.createSourceFile(name, readFileSync(`${folder}/${name}`, 'utf8'), ts.ScriptTarget.Latest, true).statements,
  ]);
  const interfaces = new Map(statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]));
  const aliases = new Map(statements.filter(ts.isTypeAliasDeclaration).map((one) => [one.name.text, one.type]));
  const columnsOf = (name: string) => {
    const found = interfaces.get(name);
    if (found === undefined) throw new Error(`tables.ts has no ${name}.`);
    return Object.fromEntries(propertiesOf(found).map(([column, type]) => [column, columnTypeOf(type, aliases)]));
  };
  const tables = interfaces.get('Tables');
  if (tables === undefined) throw new Error('tables.ts has no Tables.');
  return Object.fromEntries(propertiesOf(tables).map(([table, type]) => [table, columnsOf(type.getText())]));
}

function propertiesOf(declaration: ts.InterfaceDeclaration): readonly (readonly [string, ts.TypeNode])[] {
  return declaration.members.filter(ts.isPropertySignature).map((member) => {
    if (member.type === undefined) throw new Error(`${member.getText()} has no type.`);
    return [member.name.getText(), member.type];
  });
}

type Aliases = ReadonlyMap<string, ts.TypeNode>;

function columnTypeOf(node: ts.TypeNode, aliases: Aliases): ColumnType {
  if (ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Generated') {
    const [inner] = node.typeArguments ?? [];
    if (inner === undefined) throw new Error('Generated of nothing.');
    return { ...columnTypeOf(inner, aliases), generated: true };
  }
  const texts = membersOf(node, aliases).map((member) => member.getText());
  const values = texts.filter((text) => text !== 'null');
  const isText = values.every((text) => text === 'string' || text.startsWith("'"));
  const isNumber = values.every((text) => text === 'number' || /^\d+$/.test(text));
  if (isText === isNumber) throw new Error(`${node.getText()} is neither text nor a number.`);
  return { type: isText ? 'TEXT' : 'INTEGER', nullable: texts.includes('null'), generated: false };
}

/** The members of a union, named unions spelled out; anything else is its only member. */
function membersOf(node: ts.TypeNode, aliases: Aliases): readonly ts.TypeNode[] {
  if (ts.isUnionTypeNode(node)) return node.types.flatMap((type) => membersOf(type, aliases));
  const named = aliases.get(node.getText());
  return named === undefined ? [node] : membersOf(named, aliases);
}
