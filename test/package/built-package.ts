// What the tests of this folder read: the package as it was built, never its sources.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/source-tree.js';

export const ENTRY = 'dist/index.js';

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
    for (const { fileName } of ts.preProcessFile(readBuilt(path)).importedFiles) {
      if (fileName.startsWith('.')) pending.push(posix.join(posix.dirname(path), fileName));
      else foreign.add(fileName);
    }
  }
  return { files, foreign };
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

/** The declarations of everything that an entry exports, sorted by name and without comments. */
export function reportApi(declarations: string): string {
  const program = ts.createProgram([join(ROOT, declarations)], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(join(ROOT, declarations));
  const module = entry && checker.getSymbolAtLocation(entry);
  if (module === undefined) throw new Error(`${declarations} exports nothing`);
  const printer = ts.createPrinter({ removeComments: true });
  const sections = checker.getExportsOfModule(module).map(exported => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const texts = (symbol.declarations ?? []).map(declaration => {
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
    });
    return { name: exported.name, text: texts.join('\n') };
  });
  sections.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sections.map(({ name, text }) => `// ${name}\n${text}\n`).join('\n');
}
