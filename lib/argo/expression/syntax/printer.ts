// Writes a syntax tree as text that parses to the same tree. Two closing braces never stand together, so the text can
// stand in a tag.
import { BINARY, isComparison, isRightAssociative, UNARY } from './operators.js';
import type {
  BinarySyntax,
  BuiltinSyntax,
  ConditionalSyntax,
  Literal,
  MemberSyntax,
  Syntax,
} from './syntax.js';
import { isName } from './tokens.js';

export function printExpression(node: Syntax): string {
  switch (node.kind) {
    case 'nil':
    case 'bool':
    case 'integer':
    case 'float':
    case 'text':
    case 'bytes':
      return printLiteral(node);
    case 'list':
      return `[${node.items.map(printPart).join(', ')}]`;
    case 'map': {
      const pairs = node.pairs.map(({ key, value }) => `${printKey(key)}: ${printPart(value)}`);
      return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
    }
    case 'identifier':
      return node.name;
    case 'pointer':
      return `#${node.name}`;
    case 'unary':
      return printUnary(node.operator, node.operand);
    case 'binary':
      return printBinary(node);
    case 'conditional':
      return printConditional(node);
    case 'member':
      return printMember(node);
    case 'slice': {
      const [from, to] = [node.from, node.to].map(index => (index ? printPart(index) : ''));
      return `${printBase(node.object)}[${from}:${to}]`;
    }
    case 'chain':
      return printExpression(node.node);
    case 'call':
      return `${printExpression(node.callee)}(${node.args.map(printPart).join(', ')})`;
    case 'builtin':
      return printBuiltin(node);
    case 'predicate': {
      const body = printExpression(node.body);
      // A brace at the beginning would be taken for one around the predicate.
      return node.body.kind === 'sequence' || body.startsWith('{') ? `{ ${body} }` : printPart(node.body);
    }
    case 'let':
      return `let ${node.name} = ${printPart(node.value)}; ${printExpression(node.body)}`;
    case 'sequence':
      return node.nodes.map(printPart).join('; ');
  }
}

function printLiteral(node: Literal): string {
  switch (node.kind) {
    case 'nil':
      return 'nil';
    case 'float': {
      const text = String(node.value);
      return /[.e]/.test(text) ? text : `${text}.0`;
    }
    case 'text':
      return `"${escape(node.value)}"`;
    case 'bytes':
      return `b"${node.value.map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
    default:
      return String(node.value);
  }
}

/** Braces too: two of them would end a tag. */
function escape(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must not stand in it
  return text.replace(/["\\}\x00-\x1f\x7f\x85\u2028\u2029]/g, character => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

function wrap(node: Syntax): string {
  return `(${printExpression(node)})`;
}

/** Where any expression can stand, but no `;` of it. */
function printPart(node: Syntax): string {
  return node.kind === 'let' || node.kind === 'sequence' ? wrap(node) : printExpression(node);
}

function printKey(key: Syntax): string {
  if (key.kind !== 'text') return wrap(key);
  return isName(key.value) && !RESERVED.has(key.value) ? key.value : printExpression(key);
}

/** Words that are no names where a name is wanted. */
const RESERVED = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));

function printUnary(operator: string, operand: Syntax): string {
  const sign = operator === 'not' ? 'not ' : operator;
  return `${sign}${printOperand(operand, UNARY.get(operator) ?? 0)}`;
}

/** @param strength what binds less strongly is put into parentheses. */
function printOperand(node: Syntax, strength: number): string {
  switch (node.kind) {
    case 'binary':
      return node.operator === '??' || (BINARY.get(node.operator) ?? 0) < strength
        ? wrap(node)
        : printExpression(node);
    case 'unary':
      return (UNARY.get(node.operator) ?? 0) < strength ? wrap(node) : printExpression(node);
    case 'conditional':
    case 'let':
    case 'sequence':
      return wrap(node);
    default:
      return printExpression(node);
  }
}

function printBinary({ operator, left, right }: BinarySyntax): string {
  const strength = BINARY.get(operator) ?? 0;
  const isChained = isComparison(operator) && left.kind === 'binary' && isComparison(left.operator);
  const leftStrength = isRightAssociative(operator) || isChained ? strength + 1 : strength;
  const rightStrength = isRightAssociative(operator) ? strength : strength + 1;
  return `${printOperand(left, leftStrength)} ${operator} ${printOperand(right, rightStrength)}`;
}

function printConditional({ isTernary, test, yes, no }: ConditionalSyntax): string {
  if (!isTernary)
    return `if ${printOperand(test, 0)} { ${printExpression(yes)} } else { ${printExpression(no)} }`;
  return `${printOperand(test, 0)} ? ${printOperand(yes, 0)} : ${printOperand(no, 0)}`;
}

/** What a postfix can follow. */
function printBase(node: Syntax): string {
  const needsParentheses = [
    'binary',
    'unary',
    'conditional',
    'let',
    'sequence',
    'integer',
    'float',
    'bool',
    'nil',
  ];
  return needsParentheses.includes(node.kind) ? wrap(node) : printExpression(node);
}

function printMember({ object, property, isOptional }: MemberSyntax): string {
  const base = printBase(object);
  // A dot would make the member a part of the chain before it.
  if (property.kind === 'text' && isName(property.value) && object.kind !== 'chain')
    return `${base}${isOptional ? '?.' : '.'}${property.value}`;
  return `${base}${isOptional ? '?.' : ''}[${printPart(property)}]`;
}

function printBuiltin({ name, isForced, args }: BuiltinSyntax): string {
  return `${isForced ? '::' : ''}${name}(${args.map(printPart).join(', ')})`;
}
