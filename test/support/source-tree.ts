// Reads the repository's own source: which files there are, what they import, how long they are, what their comments
// name. What is right or wrong about it is said in test/tidy.test.ts.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that nobody edits. */
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git']);

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
}

export interface Import {
  readonly specifier: string;
  /** `import type …`: nothing of it is left at run time. `import { type … }` does not count: the import itself stays. */
  readonly typeOnly: boolean;
}

/** Every file below a folder (of the root: `''`), as paths relative to the root. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(entry => !NOT_OURS.has(entry.name))
    .flatMap(entry => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [path];
    })
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every source file below a folder: TypeScript, AssemblyScript and JavaScript. */
export function readSources(folder: string): SourceFile[] {
  return listFiles(folder)
    .filter(path => /\.(ts|js|mjs|cjs)$/.test(path))
    .map(path => parseSource(path, readText(path)));
}

export function parseSource(path: string, text: string): SourceFile {
  return { path, text, syntax: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
}

/** What a file imports or re-exports, types and `import()` included. */
export function importsOf({ syntax }: SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      imports.push({ specifier: specifier.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return imports;
}

/** The path, relative to the root, of the file that a relative import of `from` means. AssemblyScript writes no ending. */
export function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/(?:\.js|(?<!\.ts))$/, '.ts');
}

/** Functions, methods and accessors with a body, and how many lines they take from the first to the last. */
export function functionsOf({ syntax }: SourceFile): { name: string; line: number; lines: number }[] {
  const functions: { name: string; line: number; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = syntax.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = syntax.getLineAndCharacterOfPosition(node.end).line;
      functions.push({ name: node.name?.getText() ?? 'anonymous', line: first + 1, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return functions;
}

/** Identifiers of the code itself, comments and strings excluded. */
export function identifiersOf({ syntax }: SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return names;
}

/** The words of string literals and templates: error codes, names of options, names of metrics. */
export function stringWordsOf({ syntax }: SourceFile): Set<string> {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
      for (const word of node.text.match(/[A-Za-z_$][\w$]*/g) ?? []) words.add(word);
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return words;
}

/** What tests say that happens: the titles of `it`, with … for what is filled in. */
export function testTitlesOf({ syntax }: SourceFile): { title: string; line: number }[] {
  const titles: { title: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) && node.expression.getText() === 'it' ? node.arguments : [];
    if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
      titles.push({
        title: title
          .getText()
          .slice(1, -1)
          .replace(/\$\{.*?\}/g, '…'),
        line: syntax.getLineAndCharacterOfPosition(title.getStart()).line + 1,
      });
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return titles;
}

export function commentsOf({ syntax, text }: SourceFile): { text: string; line: number }[] {
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
    ];
    for (const range of ranges) found.set(range.pos, range);
    // Tokens too, not only nodes: a comment may stand before a closing brace.
    node.getChildren(syntax).forEach(visit);
  };
  visit(syntax);
  return [...found.values()].map(range => ({
    text: text.slice(range.pos, range.end),
    line: syntax.getLineAndCharacterOfPosition(range.pos).line + 1,
  }));
}

/** Nothing to run: only types, and imports of types. */
export function isTypesOnly({ syntax }: SourceFile): boolean {
  return syntax.statements.every(
    statement =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly) ||
      (ts.isImportDeclaration(statement) &&
        statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword),
  );
}
