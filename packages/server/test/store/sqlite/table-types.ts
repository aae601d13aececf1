import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface ColumnType {
  readonly type: 'TEXT' | 'INTEGER';
  readonly nullable: boolean;
  readonly generated: boolean;
}

/** What tables.ts says of every column, by table: read from its source, because types are gone at run time. */
export function readTableTypes(path: string): Record<string, Record<string, ColumnType>> {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const interfaces = new Map(source.statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]));
  const columnsOf = (name: string) => {
    const found = interfaces.get(name);
    if (found === undefined) throw new Error(`tables.ts has no ${name}.`);
    return Object.fromEntries(propertiesOf(found).map(([column, type]) => [column, columnTypeOf(type)]));
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

function columnTypeOf(node: ts.TypeNode): ColumnType {
  if (ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Generated') {
    const [inner] = node.typeArguments ?? [];
    if (inner === undefined) throw new Error('Generated of nothing.');
    return { ...columnTypeOf(inner), generated: true };
  }
  const members = ts.isUnionTypeNode(node) ? [...node.types] : [node];
  const texts = members.map((member) => member.getText());
  const values = texts.filter((text) => text !== 'null');
  const isText = values.every((text) => text === 'string' || text.startsWith("'"));
  const isNumber = values.every((text) => text === 'number' || /^\d+$/.test(text));
  if (isText === isNumber) throw new Error(`${node.getText()} is neither text nor a number.`);
  return { type: isText ? 'TEXT' : 'INTEGER', nullable: texts.includes('null'), generated: false };
}
