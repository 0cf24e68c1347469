// Finds what cannot have a value whatever the variables hold, before anything is evaluated: expr-lang's type checker.
import { LimitError } from '../../budget/evaluation-limits.js';
import { compileRegexp } from '../../go/text/go-regexp.js';
import { natureOfBinary } from './binary-nature.js';
import { argumentError, natureOfCall } from '../builtins/call-nature.js';
import { BUILTINS } from '../builtins/builtins.js';
import { foldInteger } from '../syntax/constant.js';
import { ENVIRONMENT } from '../builtins/environment.js';
import { METHODS } from '../operations/methods.js';
import {
  BOOL,
  BYTES,
  elementOf,
  FLOAT,
  INT,
  isAssignable,
  isComparable,
  isNumber,
  LIST,
  listOf,
  MAP,
  NIL,
  TEXT,
  UNKNOWN,
} from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { natureOfPredicateCall } from './predicate-nature.js';
import type { NatureVisitor, PredicateScope } from './predicate-nature.js';
import { parameterKindsOf } from '../syntax/predicates.js';
import { ExpressionSyntaxError } from '../syntax/syntax-error.js';
import type {
  BinarySyntax,
  BuiltinSyntax,
  CallSyntax,
  ConditionalSyntax,
  LetSyntax,
  ListSyntax,
  MemberSyntax,
  PointerSyntax,
  SliceSyntax,
  Syntax,
  UnarySyntax,
} from '../syntax/syntax.js';
import { EvaluationError } from '../../go/evaluation-error.js';

/** What a variable of this name holds; `undefined` when there is none. */
export type NatureOfVariable = (name: string) => Nature | undefined;

/** @throws ExpressionSyntaxError */
export function checkExpression(root: Syntax, variables: NatureOfVariable): void {
  new Checker(variables).visit(root);
}

/** What an expression that was checked comes to, while nothing is known of the variables. */
export function natureOfExpression(root: Syntax): Nature {
  return new Checker(name => ENVIRONMENT.get(name)?.nature).visit(root);
}

class Checker implements NatureVisitor {
  readonly #variables: NatureOfVariable;
  readonly #predicates: PredicateScope[] = [];
  readonly #declared: string[] = [];

  constructor(variables: NatureOfVariable) {
    this.#variables = variables;
  }

  visit(node: Syntax): Nature {
    switch (node.kind) {
      case 'nil':
        return NIL;
      case 'bool':
        return BOOL;
      case 'integer':
        return INT;
      case 'float':
        return FLOAT;
      case 'text':
        return TEXT;
      case 'bytes':
        return BYTES;
      case 'identifier':
        return this.#variables(node.name) ?? UNKNOWN;
      case 'list':
        return this.#list(node);
      case 'map':
        for (const { key, value } of node.pairs) {
          this.visit(key);
          this.visit(value);
        }
        return MAP;
      case 'pointer':
        return this.#pointer(node);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'conditional':
        return this.#conditional(node);
      case 'member':
        return this.#member(node);
      case 'slice':
        return this.#slice(node);
      case 'chain':
        return this.visit(node.node);
      case 'predicate':
        return this.visit(node.body);
      case 'call':
        return this.#call(node);
      case 'builtin':
        return this.#builtin(node);
      case 'let':
        return this.#let(node);
      case 'sequence':
        return node.nodes.map(part => this.visit(part)).at(-1) ?? UNKNOWN;
    }
  }

  /** The nature of a predicate's body, where `#` is an element of the list. */
  within(scope: PredicateScope, predicate: Syntax): Nature {
    this.#predicates.push(scope);
    const nature = this.visit(predicate);
    this.#predicates.pop();
    return nature;
  }

  fail(node: Syntax, message: string): never {
    throw new ExpressionSyntaxError(node.position, message);
  }

  #list(node: ListSyntax): Nature {
    const natures = node.items.map(item => this.visit(item));
    const isUniform = natures.every(
      (nature, index) => index === 0 || nature.kind === natures[index - 1]?.kind,
    );
    return isUniform ? listOf(natures.at(-1) ?? UNKNOWN) : LIST;
  }

  #pointer(node: PointerSyntax): Nature {
    const scope = this.#predicates.at(-1);
    if (!scope) return this.fail(node, 'cannot use pointer accessor outside predicate');
    if (node.name === '') return elementOf(scope.list);
    return scope.pointers.get(node.name) ?? this.fail(node, `unknown pointer #${node.name}`);
  }

  #unary(node: UnarySyntax): Nature {
    const operand = this.visit(node.operand);
    if (node.operator === '!' || node.operator === 'not') {
      if (operand.kind === 'bool' || operand.kind === 'unknown') return BOOL;
    } else if (isNumber(operand) || operand.kind === 'unknown') return operand;
    return this.fail(node, `invalid operation: ${node.operator} (mismatched type ${operand.type})`);
  }

  #binary(node: BinarySyntax): Nature {
    const left = this.visit(node.left);
    const right = this.visit(node.right);
    if (node.operator === 'matches' && node.right.kind === 'text') this.#checkPattern(node, node.right.value);
    if (node.operator === '%' && foldInteger(node.right) === 0n && foldInteger(node.left) !== undefined)
      this.fail(node, 'integer divide by zero');
    const nature =
      node.operator === 'in' ? this.#in(node, left, right) : natureOfBinary(node.operator, left, right);
    if (nature) return nature;
    const types = `mismatched types ${left.type} and ${right.type}`;
    return this.fail(node, `invalid operation: ${node.operator} (${types})`);
  }

  #checkPattern(node: BinarySyntax, pattern: string): void {
    try {
      compileRegexp(pattern);
    } catch (error) {
      if (!(error instanceof EvaluationError || error instanceof LimitError)) throw error;
      this.fail(node, error.message);
    }
  }

  #in(node: BinarySyntax, left: Nature, right: Nature): Nature | undefined {
    if (right.kind === 'map') {
      const key = right.key ?? UNKNOWN;
      if (left.kind === 'unknown' || isAssignable(left, key)) return BOOL;
      return this.fail(node, `cannot use ${left.type} as type ${key.type} in map key`);
    }
    if (right.kind === 'list') {
      const element = elementOf(right);
      if (isComparable(left, element)) return BOOL;
      return this.fail(node, `cannot use ${left.type} as type ${element.type} in array`);
    }
    if (left.kind === 'unknown' && (right.kind === 'text' || right.kind === 'time')) return BOOL;
    if (left.kind === 'text' && right.kind === 'time') return BOOL;
    return right.kind === 'unknown' ? BOOL : undefined;
  }

  #conditional(node: ConditionalSyntax): Nature {
    const test = this.visit(node.test);
    if (test.kind !== 'bool' && test.kind !== 'unknown')
      this.fail(node.test, `non-bool expression (type ${test.type}) used as condition`);
    const yes = this.visit(node.yes);
    const no = this.visit(node.no);
    if (yes.kind === 'nil') return no;
    if (no.kind === 'nil') return yes;
    if (!isAssignable(yes, no)) return UNKNOWN;
    const [one, other] = [elementOf(yes), elementOf(no)];
    const isMixed = yes.kind === 'list' && !(isAssignable(one, other) && isAssignable(other, one));
    return isMixed ? LIST : yes;
  }

  #member(node: MemberSyntax): Nature {
    const base = this.visit(node.object);
    const property = this.visit(node.property);
    if (base.kind === 'unknown') return UNKNOWN;
    const name = node.property.kind === 'text' ? node.property.value : undefined;
    if (name !== undefined) {
      if (base.kind === 'nil') this.fail(node, `type nil has no field ${name}`);
      const method = METHODS.get(base.type)?.get(name);
      if (method) return method.nature;
    }
    if (base.kind === 'map') {
      const key = base.key ?? UNKNOWN;
      if (property.kind === 'unknown' || isAssignable(property, key)) return elementOf(base);
      return this.fail(node.property, `cannot use ${property.type} to get an element from ${base.type}`);
    }
    if (base.kind === 'list') {
      if (property.kind === 'int' || property.kind === 'unknown') return elementOf(base);
      const rule = 'array elements can only be selected using an integer';
      return this.fail(node.property, `${rule} (got ${property.type})`);
    }
    const type = base.kind === 'function' ? 'func' : base.type;
    if (name === undefined) return this.fail(node, `type ${type}[${property.type}] is undefined`);
    return this.fail(node, `type ${type} has no ${node.isMethod ? 'method' : 'field'} ${name}`);
  }

  #slice(node: SliceSyntax): Nature {
    const base = this.visit(node.object);
    if (base.kind === 'unknown') return UNKNOWN;
    if (base.kind !== 'text' && base.kind !== 'list') this.fail(node, `cannot slice ${base.type}`);
    for (const index of [node.from, node.to]) {
      if (!index) continue;
      const nature = this.visit(index);
      if (nature.kind !== 'int' && nature.kind !== 'unknown')
        this.fail(index, `non-integer slice index ${nature.type}`);
    }
    return base;
  }

  #call(node: CallSyntax): Nature {
    const callee = this.visit(node.callee);
    if (callee.kind === 'unknown') return UNKNOWN;
    let name = 'function';
    if (node.callee.kind === 'identifier') name = node.callee.name;
    if (node.callee.kind === 'member' && node.callee.property.kind === 'text')
      name = node.callee.property.value;
    if (!callee.signature) return this.fail(node, `${callee.type} is not callable`);
    const args = node.args.map(arg => this.visit(arg));
    const error = argumentError(name, callee.signature, args);
    if (!error) return callee.signature.result;
    return this.fail(error.index === undefined ? node : (node.args[error.index] ?? node), error.message);
  }

  #builtin(node: BuiltinSyntax): Nature {
    const variable = node.isForced ? undefined : this.#variables(node.name);
    // A variable hides the function of its name. Argo's are texts and maps.
    if (variable) return this.fail(node, `${variable.type} is not callable`);
    if (parameterKindsOf(node.name)) return natureOfPredicateCall(node, this);
    const builtin = BUILTINS.get(node.name);
    if (!builtin) return this.fail(node, `unknown builtin ${node.name}`);
    const args = node.args.map(arg => this.visit(arg));
    const result = natureOfCall(node.name, builtin.check, args);
    if (!('message' in result)) return result;
    return this.fail(result.index === undefined ? node : (node.args[result.index] ?? node), result.message);
  }

  #let(node: LetSyntax): Nature {
    const { name } = node;
    if (this.#variables(name)) this.fail(node, `cannot redeclare ${name}`);
    if (BUILTINS.has(name) || parameterKindsOf(name)) this.fail(node, `cannot redeclare builtin ${name}`);
    if (this.#declared.includes(name)) this.fail(node, `cannot redeclare variable ${name}`);
    this.visit(node.value);
    this.#declared.push(name);
    const nature = this.visit(node.body);
    this.#declared.pop();
    return nature;
  }
}
