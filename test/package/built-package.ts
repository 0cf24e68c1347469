// What the tests of this folder read: the package as it was built, never its sources.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/source-tree.js';

/** The entries of the package, and the name of their files. */
export const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'index',
  './store': 'store-entry',
  './argo': 'argo-entry',
  './register': 'register',
};
/** Those that only export. `./register` exports what `./store` does, and acts on whoever loads it: test/register. */
export const EXPORTING = Object.fromEntries(
  Object.entries(ENTRIES).filter(([entry]) => entry !== './register'),
);
export const ENTRY = 'dist/esm/index.js';
export const COMMAND = 'dist/esm/bin.js';

export function readBuilt(path: string): string {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) throw new Error(`${path} is not built: npm run build`);
  return readFileSync(absolute, 'utf8');
}

/** The entry and every file of the package that loading it loads, with the names of foreign modules apart. */
export function reachableFrom(entry: string): { files: Set<string>; foreign: Set<string> } {
  const files = new Set<string>();
  const foreign = new Set<string>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const { fileName } of ts.preProcessFile(readBuilt(path), true, true).importedFiles)
      if (fileName.startsWith('.')) pending.push(posix.join(posix.dirname(path), fileName));
      else foreign.add(fileName);
  }
  return { files, foreign };
}

/** The files of lib/ that a bundled file is made of, without `lib/`. The bundler writes them above their text. */
export function sourcesIn(path: string): string[] {
  return [...readBuilt(path).matchAll(/^\/\/ ([\w/.-]+)\.js$/gm)].map(([, source = '']) => `${source}.ts`);
}

/** Whether evaluating a module waits for something: `await`, `for await` or `await using` outside of every function. */
export function hasTopLevelAwait(text: string): boolean {
  const waits = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
      return true;
    return ts.forEachChild(node, child => waits(child) || undefined) ?? false;
  };
  return waits(ts.createSourceFile('module.js', text, ts.ScriptTarget.ES2022));
}

/** What an entry exports: each name with what it was declared as. */
function exportsOf(declarations: string): { checker: ts.TypeChecker; exported: Map<string, ts.Symbol> } {
  const program = ts.createProgram([join(ROOT, declarations)], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(join(ROOT, declarations));
  const module = entry && checker.getSymbolAtLocation(entry);
  if (module === undefined) throw new Error(`${declarations} exports nothing`);
  const exported = new Map<string, ts.Symbol>();
  for (const symbol of checker.getExportsOfModule(module))
    exported.set(
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );
  return { checker, exported };
}

/** The declarations of everything that an entry exports, sorted by name and without comments. */
export function reportApi(declarations: string): string {
  const printer = ts.createPrinter({ removeComments: true });
  const sections = [...exportsOf(declarations).exported].map(([name, symbol]) => {
    const texts = (symbol.declarations ?? []).map(declaration => {
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
    });
    return { name, text: texts.join('\n') };
  });
  sections.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sections.map(({ name, text }) => `// ${name}\n${text}\n`).join('\n');
}

/** Types of the package that its public declarations name and nobody can import: `user → type`, private members not counted. */
export function forgottenExports(declarations: string): string[] {
  const { checker, exported } = exportsOf(declarations);
  const known = new Set(exported.values());
  const forgotten = new Set<string>();
  const isPrivate = (node: ts.Node): boolean =>
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false);
  const visit = (user: string, node: ts.Node): void => {
    if (isPrivate(node)) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const named = checker.getSymbolAtLocation(
        ts.isTypeReferenceNode(node) ? node.typeName : node.expression,
      );
      const symbol = named && (named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named);
      const [declaration] = symbol?.declarations ?? [];
      const isOurs = declaration?.getSourceFile().fileName.startsWith(join(ROOT, 'dist/')) ?? false;
      const isParameter = declaration !== undefined && ts.isTypeParameterDeclaration(declaration);
      if (symbol !== undefined && isOurs && !isParameter && !known.has(symbol))
        forgotten.add(`${user} → ${symbol.name}`);
    }
    ts.forEachChild(node, child => visit(user, child));
  };
  for (const [name, symbol] of exported)
    for (const declaration of symbol.declarations ?? []) visit(name, declaration);
  return [...forgotten].sort();
}
