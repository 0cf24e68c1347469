// The types of the functions that evaluate one of their arguments for every element of a list.
import { BOOL, elementOf, GROUPS, INT, LIST, listOf, UNKNOWN } from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import type { BuiltinSyntax, Syntax } from '../syntax/syntax.js';

/** The list that a predicate goes through, and what it can ask for besides the element. */
export interface PredicateScope {
  readonly list: Nature;
  readonly pointers: ReadonlyMap<string, Nature>;
}

/** What this file needs of the checker. */
export interface NatureVisitor {
  visit(node: Syntax): Nature;
  /** The nature of a predicate's body, where `#` is an element of the list. */
  within(scope: PredicateScope, predicate: Syntax): Nature;
  fail(node: Syntax, message: string): never;
}

const NO_POINTERS: ReadonlyMap<string, Nature> = new Map();
const POINTERS: Readonly<Record<string, ReadonlyMap<string, Nature>>> = {
  map: new Map([['index', INT]]),
  reduce: new Map([
    ['index', INT],
    ['acc', UNKNOWN],
  ]),
};
/** Their predicate answers yes or no. */
const DECISIONS = new Set('all none any one filter count find findLast findIndex findLastIndex'.split(' '));

export function natureOfPredicateCall(node: BuiltinSyntax, visitor: NatureVisitor): Nature {
  const { name } = node;
  const [listNode = node, predicateNode, lastNode] = node.args;
  const list = visitor.visit(listNode);
  if (list.kind !== 'list' && list.kind !== 'unknown')
    visitor.fail(listNode, `builtin ${name} takes only array (got ${list.type.replace('*', '')})`);
  if (!predicateNode) return name === 'count' ? INT : elementOf(list);
  const body = visitor.within({ list, pointers: POINTERS[name] ?? NO_POINTERS }, predicateNode);
  if (body.kind === 'nil') {
    const inputs = name === 'reduce' ? 'two' : 'one';
    visitor.fail(predicateNode, `predicate should has ${inputs} input and one output param`);
  }
  if (DECISIONS.has(name) && body.kind !== 'bool' && body.kind !== 'unknown')
    visitor.fail(predicateNode, `predicate should return boolean (got ${body.type})`);
  if (lastNode) {
    const last = visitor.visit(lastNode);
    if (name === 'sortBy' && last.kind !== 'text' && last.kind !== 'unknown')
      visitor.fail(lastNode, `sortBy order argument must be a string (got ${last.type})`);
  }
  return resultOf(name, list, body);
}

function resultOf(name: string, list: Nature, body: Nature): Nature {
  switch (name) {
    case 'all':
    case 'none':
    case 'any':
    case 'one':
      return BOOL;
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return INT;
    case 'find':
    case 'findLast':
      return elementOf(list);
    case 'filter':
      return list.kind === 'unknown' ? LIST : listOf(elementOf(list));
    case 'map':
      return listOf(body);
    case 'groupBy':
      return { ...GROUPS, element: listOf(elementOf(list)) };
    case 'sortBy':
      return list;
    default:
      return body;
  }
}
