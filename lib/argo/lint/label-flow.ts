// How many values a text can have, followed through tags and expressions to the variables in it.
import { dottedPath } from '../expression/syntax/variable-paths.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { parseTemplate } from '../template/template.js';
import type { Template } from '../template/template.js';
import { isArgoVariable, isVariableMap } from '../variables/argo-variables.js';
import { decisive, isWholeFromZero, isYesOrNo, JOINS, spreadOfCall, spreadOfMethod } from './call-spread.js';
import { narrowedNames } from './narrowed-names.js';
import { both, either, fixed, partOf, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';
import { spreadOfVariable } from './variable-spread.js';
import type { NameSpread } from './variable-spread.js';

/** @param place what the place of the text knows of variables */
export function spreadOfText(text: string, place: NameSpread): Spread {
  const parsed = parseTemplate(text);
  return 'error' in parsed ? spreadOf('declared', text) : spreadOfTemplate(parsed.template, place);
}

export function spreadOfTemplate({ segments }: Template, place: NameSpread): Spread {
  return segments.reduce<Spread>((spread, segment) => {
    if (segment.kind === 'text') return spread;
    const added =
      segment.kind === 'tag'
        ? spreadOfVariable(segment.tag.trim(), place)
        : new Names(place).spreadOf(segment.expression.syntax);
    return both(spread, added);
  }, fixed(1));
}

/** What a part of an expression knows of the names in it. */
class Names {
  readonly #place: NameSpread;
  /** By dotted name: what `let` declares, and what a test left. */
  readonly #known: ReadonlyMap<string, Spread>;
  /** Of names that `let` declares, the variables that they are, or an empty text. */
  readonly #declared: ReadonlyMap<string, string>;
  /** Functions ask for a part of an expression more than once, and parts have parts. */
  readonly #found = new Map<Syntax, Spread>();

  constructor(
    place: NameSpread,
    known: ReadonlyMap<string, Spread> = new Map(),
    declared: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#place = place;
    this.#known = known;
    this.#declared = declared;
  }

  spreadOf(node: Syntax): Spread {
    const found = this.#found.get(node) ?? this.#find(node);
    this.#found.set(node, found);
    return found;
  }

  #find(node: Syntax): Spread {
    const go = (part: Syntax): Spread => this.spreadOf(part);
    const all = (parts: readonly Syntax[]): Spread => parts.map(go).reduce(both, fixed(1));
    const name = dottedPath(node);
    if (name !== undefined) return this.#ofName(name);
    switch (node.kind) {
      case 'unary':
        return node.operator === '!' || node.operator === 'not'
          ? yesOrNo(go(node.operand))
          : go(node.operand);
      case 'binary':
        return spreadOfBinary(node, go);
      case 'conditional':
        // What is tested decides, and is not shown.
        return either(
          this.#where(node.test, true).spreadOf(node.yes),
          this.#where(node.test, false).spreadOf(node.no),
        );
      case 'let':
        return this.#with(node.name, node.value).spreadOf(node.body);
      case 'sequence':
        return all(node.nodes.slice(-1));
      case 'chain':
        return go(node.node);
      case 'predicate':
        return go(node.body);
      case 'slice':
        return partOf(all([node.object, node.from, node.to].filter(part => part !== undefined)));
      case 'list':
        return all(node.items);
      case 'map':
        return all(node.pairs.flatMap(({ key, value }) => [key, value]));
      case 'member':
        return spreadOfMember(node.object, node.property, go);
      case 'builtin':
        return spreadOfCall(node.name, node.args, go);
      case 'call':
        return this.#ofCall(node);
      case 'pointer':
        return spreadOf('declared', '#');
      default:
        return fixed(1);
    }
  }

  #ofName(name: string): Spread {
    const known = this.#known.get(name);
    if (known) return known;
    const [root = '', ...rest] = name.split('.');
    const variable = this.#declared.get(root);
    if (variable === undefined) return spreadOfVariable(name, this.#place);
    if (variable !== '') return spreadOfVariable([variable, ...rest].join('.'), this.#place);
    return partOf(this.#known.get(root) ?? spreadOf('declared', name));
  }

  #ofCall({ callee, args }: Extract<Syntax, { readonly kind: 'call' }>): Spread {
    const go = (part: Syntax): Spread => this.spreadOf(part);
    const name = dottedPath(callee.kind === 'member' ? { ...callee, isMethod: false } : callee);
    const isDeclared = name !== undefined && this.#declared.has(name.split('.', 1)[0] ?? '');
    if (name !== undefined && !isDeclared && (callee.kind === 'identifier' || name.startsWith('sprig.')))
      return spreadOfCall(name, args, go);
    if (callee.kind === 'member' && callee.property.kind === 'text')
      return spreadOfMethod(callee.property.value, callee.object, args, go);
    // Which function it is depends on more than its name.
    return partOf(both(spreadOf('declared', name ?? 'a function'), args.map(go).reduce(both, fixed(1))));
  }

  #where(test: Syntax, answer: boolean): Names {
    const narrowed = narrowedNames(test, answer);
    return narrowed.length === 0
      ? this
      : new Names(this.#place, new Map([...this.#known, ...narrowed]), this.#declared);
  }

  #with(name: string, value: Syntax): Names {
    // What was known of members of a variable of this name is no longer true.
    const others = [...this.#known].filter(([known]) => known.split('.', 1)[0] !== name);
    // Arguments of Sprig's functions are not looked at before: what is declared again there is still the variable.
    const isArgos = isArgoVariable(name) || isVariableMap(name);
    const spread = this.spreadOf(value);
    const path = isArgos ? undefined : dottedPath(value);
    const isVariable = path !== undefined && !this.#declared.has(path.split('.', 1)[0] ?? '');
    return new Names(
      this.#place,
      new Map([...others, [name, isArgos ? either(spread, spreadOfVariable(name, this.#place)) : spread]]),
      new Map([...this.#declared, [name, isVariable ? path : '']]),
    );
  }
}

function spreadOfBinary(
  node: Extract<Syntax, { readonly kind: 'binary' }>,
  go: (part: Syntax) => Spread,
): Spread {
  const { operator, left, right } = node;
  if (isYesOrNo(node)) return yesOrNo(both(go(left), go(right)));
  if (JOINS.has(operator)) return either(fixed(1), go(decisive(node)));
  if (operator === '??') return either(go(left), go(right));
  if (operator === '%' && right.kind === 'integer' && right.value !== 0n)
    return remainders(left, Number(right.value), go);
  return both(go(left), go(right));
}

/** Of what may be below zero, remainders are as well. */
function remainders(left: Syntax, divisor: number, go: (part: Syntax) => Spread): Spread {
  const given = go(left);
  const sources = given.kind === 'fixed' ? given.sources : [given.source];
  const counted = fixed(isWholeFromZero(left) ? divisor : 2 * divisor - 1, sources);
  return given.kind === 'fixed' && counted.kind === 'fixed' && given.count < counted.count ? given : counted;
}

function yesOrNo(tested: Spread): Spread {
  return fixed(2, tested.kind === 'fixed' ? tested.sources : [tested.source]);
}

/** Of a map or a list that is written out, one of its values. */
function spreadOfMember(object: Syntax, property: Syntax, go: (part: Syntax) => Spread): Spread {
  const written = object.kind === 'chain' ? object.node : object;
  const values =
    written.kind === 'map'
      ? written.pairs.map(({ value }) => value)
      : written.kind === 'list'
        ? written.items
        : undefined;
  if (!values) return partOf(both(go(object), go(property)));
  const spread = values.map(go).reduce(either, fixed(0));
  // The values that it chooses from are counted; that they come from somewhere is told by what chooses.
  const chosen = go(property);
  return spread.kind === 'fixed' && chosen.kind !== 'fixed' ? fixed(spread.count, [chosen.source]) : spread;
}
