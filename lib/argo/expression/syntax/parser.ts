// The grammar of expr-lang. Operators bind as in `operators.ts`; postfix binds most strongly:
//
//   sequence    = expression { ";" expression } [ ";" ]
//   expression  = "let" NAME "=" expression ";" sequence
//               | "if" expression "{" sequence "}" "else" ( "{" sequence "}" | "if" … )
//               | binary { "?" [ expression ] ":" expression }
//   binary      = unary { [ "not" ] OPERATOR unary | "|" call }
//   unary       = ( "not" | "!" | "-" | "+" ) binary | primary
//   primary     = NUMBER | ( "true" | "false" | "nil" ) | postfix
//   postfix     = operand { ( "." | "?." ) NAME [ arguments ] | [ "?." ] "[" index or slice "]" }
//   operand     = STRING | BYTES | list | map | NAME | call | "::" call | "(" sequence ")" | "#" [ NAME ] | "." NAME
//   call        = NAME "(" [ expression { "," expression } [ "," ] ] ")"
//
// `#` and a leading dot stand only in predicates: the second argument of all, any, filter, map and their kind.
import { parseNumber } from './number-literal.js';
import { BINARY, canBeNegated, isComparison, isRightAssociative, UNARY } from './operators.js';
import { parameterKindsOf } from './predicates.js';
import { ExpressionSyntaxError } from './syntax-error.js';
import type { BinarySyntax, BuiltinSyntax, CallSyntax, MemberSyntax, Syntax } from './syntax.js';
import { describeToken, TokenCursor } from './token-cursor.js';
import { isName } from './tokens.js';
import type { Token } from './tokens.js';
import { TreeBounds } from './tree-bounds.js';

/** UTF-16 units; a metric needs some tens. */
const SOURCE_LENGTH_MAX = 32_768;
/**
 * Reads an expression.
 *
 * @param isBuiltin whether the language has a function of this name.
 * @throws ExpressionSyntaxError
 */
export function parseExpression(source: string, isBuiltin: (name: string) => boolean): Syntax {
  if (source.length > SOURCE_LENGTH_MAX)
    throw new ExpressionSyntaxError(0, `expression is longer than ${SOURCE_LENGTH_MAX} characters`);
  return new ExpressionParser(source, isBuiltin).parse();
}

class ExpressionParser extends TokenCursor {
  readonly #isBuiltin: (name: string) => boolean;
  readonly #bounds = new TreeBounds();
  /** Predicates around the current token. */
  #predicates = 0;

  constructor(source: string, isBuiltin: (name: string) => boolean) {
    super(source);
    this.#isBuiltin = isBuiltin;
  }

  parse(): Syntax {
    const node = this.#sequence();
    if (this.current.kind !== 'EOF') this.unexpected();
    return node;
  }

  #sequence(): Syntax {
    const first = this.#expression(0);
    const nodes = [first];
    while (this.is('Operator', ';')) {
      this.advance();
      if (this.is('EOF')) break;
      nodes.push(this.#expression(0));
    }
    if (nodes.length === 1) return first;
    return this.#node({ kind: 'sequence', nodes, position: first.position });
  }

  #expression(precedence: number): Syntax {
    return this.#bounds.within(this.current.position, () => this.#expressionWithin(precedence));
  }

  #expressionWithin(precedence: number): Syntax {
    if (precedence === 0 && this.is('Operator', 'let')) return this.#let();
    if (precedence === 0 && this.is('Operator', 'if')) return this.#conditionalWithBraces();
    const node = this.#binary(precedence);
    return precedence === 0 ? this.#conditional(node) : node;
  }

  #binary(precedence: number): Syntax {
    let left = this.#primary();
    let previous = '';
    for (;;) {
      const isNegated = this.is('Operator', 'not');
      const token = isNegated ? this.peek() : this.current;
      if (isNegated && !(token.kind === 'Operator' && canBeNegated(token.text))) {
        this.advance();
        this.unexpected();
      }
      const strength = token.kind === 'Operator' ? BINARY.get(token.text) : undefined;
      if (strength === undefined || strength < precedence) return left;
      if (isNegated) this.advance();
      this.advance();
      if (token.text === '|') left = this.#call(this.expect('Identifier'), [left]);
      else if (previous === '??' && token.text !== '??')
        this.fail(
          token.position,
          `Operator (${token.text}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`,
        );
      else if (isComparison(token.text)) left = this.#comparisons(left, token, strength);
      else {
        const right = this.#expression(isRightAssociative(token.text) ? strength : strength + 1);
        left = this.#binaryNode(token, left, right);
        if (isNegated)
          left = this.#node({ kind: 'unary', operator: 'not', operand: left, position: token.position });
      }
      previous = token.text;
    }
  }

  #binaryNode({ text, position }: Token, left: Syntax, right: Syntax): Syntax {
    const node: BinarySyntax = { kind: 'binary', operator: text, left, right, position };
    return this.#node(node);
  }

  #comparisons(first: Syntax, firstOperator: Token, strength: number): Syntax {
    let left = first;
    let operator = firstOperator;
    let all: Syntax | undefined;
    for (;;) {
      const right = this.#expression(strength + 1);
      const one = this.#binaryNode(operator, left, right);
      all = all === undefined ? one : this.#binaryNode({ ...operator, text: '&&' }, all, one);
      if (this.current.kind !== 'Operator' || !isComparison(this.current.text)) return all;
      left = right;
      operator = this.current;
      this.advance();
    }
  }

  #let(): Syntax {
    this.advance();
    const { text: name, position } = this.expect('Identifier');
    this.expect('Operator', '=');
    const value = this.#expression(0);
    this.expect('Operator', ';');
    const body = this.#sequence();
    return this.#node({ kind: 'let', name, value, body, position });
  }

  #conditionalWithBraces(): Syntax {
    const { position } = this.current;
    this.advance();
    const test = this.#expression(0);
    const yes = this.#block();
    this.expect('Operator', 'else');
    const no = this.is('Operator', 'if')
      ? this.#bounds.within(this.current.position, () => this.#conditionalWithBraces())
      : this.#block();
    return this.#node({ kind: 'conditional', isTernary: false, test, yes, no, position });
  }

  #block(): Syntax {
    this.expect('Bracket', '{');
    const node = this.#sequence();
    this.expect('Bracket', '}');
    return node;
  }

  #conditional(first: Syntax): Syntax {
    let node = first;
    while (this.is('Operator', '?')) {
      this.advance();
      let yes = node;
      if (!this.is('Operator', ':')) yes = this.#expression(0);
      this.expect('Operator', ':');
      const no = this.#expression(0);
      const { position } = this.current;
      node = this.#node({ kind: 'conditional', isTernary: true, test: node, yes, no, position });
    }
    return node;
  }

  #primary(): Syntax {
    const { kind, text, position } = this.current;
    const unary = kind === 'Operator' ? UNARY.get(text) : undefined;
    if (unary !== undefined) {
      this.advance();
      const operand = this.#expression(unary);
      return this.#postfix(this.#node({ kind: 'unary', operator: text, operand, position }));
    }
    if (this.is('Bracket', '(')) {
      this.advance();
      const node = this.#sequence();
      this.expect('Bracket', ')');
      return this.#postfix(node);
    }
    if (this.#predicates > 0 && (this.is('Operator', '#') || this.is('Operator', '.'))) {
      let name = '';
      if (text === '#') {
        this.advance();
        if (this.is('Identifier')) name = this.take().text;
      }
      return this.#postfix(this.#node({ kind: 'pointer', name, position }));
    }
    if (this.is('Operator', '::')) {
      this.advance();
      return this.#postfix(this.#call(this.expect('Identifier'), [], true));
    }
    return this.#operand();
  }

  #operand(): Syntax {
    const token = this.current;
    const { position, text } = token;
    switch (token.kind) {
      case 'Identifier':
        this.advance();
        if (text === 'true' || text === 'false')
          return this.#node({ kind: 'bool', value: text === 'true', position });
        if (text === 'nil') return this.#node({ kind: 'nil', position });
        if (this.is('Bracket', '(')) return this.#postfix(this.#call(token, []));
        return this.#postfix(this.#node({ kind: 'identifier', name: text, position }));
      case 'Number':
        this.advance();
        return this.#node(parseNumber(text, position, this.current.position));
      case 'String':
        this.advance();
        return this.#postfix(this.#node({ kind: 'text', value: text, position }));
      case 'Bytes':
        this.advance();
        return this.#postfix(this.#node({ kind: 'bytes', value: token.bytes, position }));
      default:
        if (this.is('Bracket', '[')) return this.#postfix(this.#list());
        if (this.is('Bracket', '{')) return this.#postfix(this.#map());
        return this.unexpected();
    }
  }

  /** @param piped what stands before the `|`: the first argument. */
  #call({ text: name, position }: Token, piped: readonly Syntax[], isForced = false): Syntax {
    const kinds = parameterKindsOf(name);
    if (kinds) {
      const args = this.#predicateArguments(kinds.slice(piped.length));
      const node: BuiltinSyntax = { kind: 'builtin', name, isForced, args: [...piped, ...args], position };
      return this.#node(node);
    }
    if (this.#isBuiltin(name)) {
      const args = [...piped, ...this.#arguments()];
      return this.#node({ kind: 'builtin', name, isForced, args, position });
    }
    const callee = this.#node({ kind: 'identifier', name, position });
    const node: CallSyntax = { kind: 'call', callee, args: [...piped, ...this.#arguments()], position };
    return this.#node(node);
  }

  #predicateArguments(kinds: readonly string[]): Syntax[] {
    const args: Syntax[] = [];
    this.expect('Bracket', '(');
    for (const [index, kind] of kinds.entries()) {
      if (this.is('Bracket', ')')) {
        if (kind.endsWith('?')) break;
        this.fail(this.current.position, `expected at least ${kinds.length} arguments`);
      }
      if (index > 0) this.expect('Operator', ',');
      args.push(kind.startsWith('predicate') ? this.#predicate() : this.#expression(0));
    }
    if (this.is('Operator', ',')) this.advance();
    this.expect('Bracket', ')');
    return args;
  }

  #arguments(): Syntax[] {
    this.expect('Bracket', '(');
    return this.#listUntil(')', () => this.#expression(0));
  }

  #predicate(): Syntax {
    const { position } = this.current;
    this.#predicates++;
    let body: Syntax;
    if (this.is('Bracket', '{')) {
      this.advance();
      body = this.#sequence();
      this.#predicates--;
      this.expect('Bracket', '}');
    } else {
      body = this.#expression(0);
      if (this.is('Operator', ';')) this.fail(this.current.position, 'wrap predicate with brackets { and }');
      this.#predicates--;
    }
    return this.#node({ kind: 'predicate', body, position });
  }

  #list(): Syntax {
    const { position } = this.take();
    return this.#node({ kind: 'list', items: this.#listUntil(']', () => this.#expression(0)), position });
  }

  #map(): Syntax {
    const { position } = this.take();
    const pairs = this.#listUntil('}', () => {
      const key = this.#mapKey();
      this.expect('Operator', ':');
      return { key, value: this.#expression(0) };
    });
    return this.#node({ kind: 'map', pairs, position });
  }

  #mapKey(): Syntax {
    const { kind, text, position } = this.current;
    if (kind === 'Number' || kind === 'String' || kind === 'Identifier') {
      this.advance();
      return this.#node({ kind: 'text', value: text, position });
    }
    if (this.is('Bracket', '(')) return this.#expression(0);
    const rule =
      'a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses';
    return this.fail(position, `${rule} (unexpected token ${describeToken(this.current)})`);
  }

  #listUntil<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.is('Bracket', close)) {
      if (items.length > 0) this.expect('Operator', ',');
      if (this.is('Bracket', close)) break;
      items.push(read());
    }
    this.advance();
    return items;
  }

  #postfix(first: Syntax): Syntax {
    let node = first;
    for (;;) {
      const isOptional = this.is('Operator', '?.');
      const { position } = this.current;
      if (isOptional || this.is('Operator', '.')) {
        this.advance();
        if (isOptional && this.is('Bracket', '[')) node = this.#index(node, true, this.current.position);
        else node = this.#member(node, isOptional);
      } else if (this.is('Bracket', '[')) node = this.#index(node, false, position);
      else return node;
    }
  }

  #member(base: Syntax, isOptional: boolean): Syntax {
    const name = this.take();
    const { position } = name;
    if (name.kind === 'EOF') this.fail(position, 'unexpected end of expression');
    if (name.kind !== 'Identifier' && !(name.kind === 'Operator' && isName(name.text)))
      this.fail(this.current.position, 'expected name');
    const property = this.#node({ kind: 'text', value: name.text, position });
    const isChain = base.kind === 'chain';
    const object = isChain ? base.node : base;
    const isMethod = this.is('Bracket', '(');
    const member: MemberSyntax = { kind: 'member', object, property, isOptional, isMethod, position };
    let node = this.#node(member);
    if (isMethod) node = this.#node({ kind: 'call', callee: node, args: this.#arguments(), position });
    return isChain || isOptional ? this.#node({ kind: 'chain', node, position }) : node;
  }

  #index(object: Syntax, isOptional: boolean, position: number): Syntax {
    this.advance();
    const from = this.is('Operator', ':') ? undefined : this.#expression(0);
    if (this.is('Operator', ':')) {
      this.advance();
      const to = this.is('Bracket', ']') ? undefined : this.#expression(0);
      this.expect('Bracket', ']');
      return this.#node({ kind: 'slice', object, from, to, position });
    }
    this.expect('Bracket', ']');
    if (from === undefined) return this.unexpected();
    const member: MemberSyntax = {
      kind: 'member',
      object,
      property: from,
      isOptional,
      isMethod: false,
      position,
    };
    const node = this.#node(member);
    return isOptional ? this.#node({ kind: 'chain', node, position }) : node;
  }

  #node(node: Syntax): Syntax {
    return this.#bounds.admit(node);
  }
}
