// Small changes of a source file that a test should notice: the ones that mutation testing has always made. Texts are left
// alone: what a message says is a matter of taste, and what matters of it is compared where it is promised.
import ts from 'typescript';

const BINARY = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['==', '!='],
  ['!=', '=='],
  ['&&', '||'],
  ['||', '&&'],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['&', '|'],
  ['|', '&'],
  ['<<', '>>'],
  ['>>', '<<'],
  ['>>>', '<<'],
  ['+=', '-='],
  ['-=', '+='],
]);

const METHODS = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['some', 'every'],
  ['every', 'some'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['shift', 'pop'],
  ['pop', 'shift'],
  ['push', 'unshift'],
]);

/** Calls whose only effect is a message to people. */
const MESSAGES = /^(diag|warn|this\.#?warn\w*|this\.#?say\w*)\b/;

/** What stands behind `??` of an index: the compiler wants it, though the loop around it goes no further than the list. */
const isForCompiler = node =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.right === node &&
  node.parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken &&
  ts.isElementAccessExpression(node.parent.left);

/** Of what compares two for `sort` only the sign matters. */
const isSign = node => {
  for (let { parent } = node; parent !== undefined; { parent } = parent)
    if (ts.isArrowFunction(parent))
      return (
        ts.isCallExpression(parent.parent) &&
        ts.isPropertyAccessExpression(parent.parent.expression) &&
        parent.parent.expression.name.text === 'sort'
      );
  return false;
};

const isTextual = node =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) && (isTextual(node.left) || isTextual(node.right)));

/** The changes of one node as [start, end, replacement, what it is]. */
function* changesOf(node, source, isKernel) {
  const text = node.getText(source);
  const whole = replacement => [node.getStart(source), node.end, replacement];
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText(source);
    const start = node.operatorToken.getStart(source);
    const other = BINARY.get(operator);
    if (other !== undefined && !isTextual(node)) yield [start, start + operator.length, other];
    if (operator === '??') {
      yield whole(node.left.getText(source));
      yield whole(node.right.getText(source));
    }
  } else if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.ExclamationToken || node.operator === ts.SyntaxKind.MinusToken)
      yield whole(node.operand.getText(source));
    if (node.operator === ts.SyntaxKind.PlusPlusToken) yield whole(`--${node.operand.getText(source)}`);
    if (node.operator === ts.SyntaxKind.MinusMinusToken) yield whole(`++${node.operand.getText(source)}`);
  } else if (ts.isPostfixUnaryExpression(node)) {
    const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
    yield whole(node.operand.getText(source) + (isUp ? '--' : '++'));
  } else if (
    ts.isNumericLiteral(node) &&
    !ts.isEnumMember(node.parent) &&
    !isForCompiler(node) &&
    !(isSign(node) && text !== '0')
  ) {
    // Small numbers are indices and counts; large ones are bounds, and one more or less of those is nothing.
    const value = Number(text.replaceAll('_', ''));
    if (Number.isInteger(value)) yield whole(value <= 2 ? String(value + 1) : '0');
  } else if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent))
    yield whole('false');
  else if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent))
    yield whole('true');
  else if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
    const condition = node.expression ?? node.condition;
    for (const answer of ['true', 'false'])
      yield [condition.getStart(source), condition.end, isKernel ? answer : `(${answer} as boolean)`];
  } else if (ts.isWhileStatement(node) && node.expression.kind !== ts.SyntaxKind.TrueKeyword)
    yield [node.expression.getStart(source), node.expression.end, 'false'];
  else if (ts.isExpressionStatement(node)) {
    const isSuper = /^super\(/.test(text);
    const isDocument = ts.isStringLiteral(node.expression);
    if (!isSuper && !isDocument && !MESSAGES.test(text)) yield whole(';');
  } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name } = node.expression;
    const other = METHODS.get(name.text);
    if (other !== undefined) yield [name.getStart(source), name.end, other];
    if (name.text === 'filter') yield whole(node.expression.expression.getText(source));
  } else if (ts.isReturnStatement(node) && node.expression === undefined) yield whole(';');
  else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) yield whole(';');
}

const isTypeOnly = node =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

const lineAround = (text, start, end) => {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  return [from, to < 0 ? text.length : to];
};

const folded = text => text.replace(/\s+/g, ' ').trim();

/** All changes of a file: `{ path, line, from, to, text }`, `from` and `to` the lines around it, `text` the whole file after it. */
export function mutantsOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const mutants = [];
  const visit = node => {
    if (isTypeOnly(node)) return;
    for (const [start, end, replacement] of changesOf(node, source, path.endsWith('.as.ts'))) {
      const [from, to] = lineAround(text, start, end);
      const changed = text.slice(0, start) + replacement + text.slice(end);
      mutants.push({
        path,
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        from: folded(text.slice(from, to)),
        to: folded(text.slice(from, start) + replacement + text.slice(end, to)),
        text: changed,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants.filter(({ from, to }) => from !== to);
}
