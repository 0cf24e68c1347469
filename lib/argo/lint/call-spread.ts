// How many values a function gives for what it is given.
import { foldBoolean, foldInteger } from '../expression/syntax/constant.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { dottedPath, variablePaths } from '../expression/syntax/variable-paths.js';
import { spreadOfField, spreadOfLayout } from './time-spread.js';
import { both, either, fixed, partOf, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

export type SpreadOfNode = (node: Syntax) => Spread;

const FRESH =
  /^(?:now|sprig\.(?:now|ago|uuidv4|rand\w+|gen\w+|shuffle|bcrypt|htpasswd|derivePassword|encryptAES))$/;
const YES_OR_NO =
  /^(?:hasPrefix|hasSuffix|sprig\.(?:all|any|contains|empty|has|mustHas|hasKey|hasPrefix|hasSuffix|(?:mustR|r)egexMatch|semverCompare|isAbs|osIsAbs|deepEqual|typeIs|typeIsLike|kindIs))$/;
const QUESTIONS = /^(?:all|any|none|one)$/;
/** What makes fewer of what they are given. Numbers they leave as many as they were. */
const PART_OF_TEXT =
  /^(?:split|splitAfter|len|indexOf|lastIndexOf|first|last|take|jsonpath|sprig\.(?:trunc|abbrev\w*|substr|split\w*|(?:mustR|r)egex(?:Find|ReplaceAll|Split)\w*|initials|first|last|initial|rest|len|base|dir|ext|semver|kindOf|typeOf|durationRound|dig))$/;
/** What cuts off what another argument says; with a text that is written out it leaves as many as there were. */
const TRIM = /^(?:sprig\.)?trim\w*$/;
const WHOLE_NUMBER = /^(?:int|asInt|round|floor|ceil|sprig\.(?:int|int64|atoi|round|floor|ceil))$/;
/** A layout, and then something that is the present moment when it is no time. */
const DATED = /^sprig\.(?:date|dateInZone|date_in_zone)$/;
const HTML_DATED = /^sprig\.htmlDate(?:InZone)?$/;
const HTML_LAYOUT = '2006-01-02';
/** Elements of a list that is written out, for which the ways to answer one after the other are counted. */
const ELEMENTS_MAX = 10;

/** @param name of the function, with its dots. */
export function spreadOfCall(name: string, args: readonly Syntax[], go: SpreadOfNode): Spread {
  if (FRESH.test(name)) return spreadOf('fresh', `${name}()`);
  const given = args.map(arg => spreadOfArgument(arg, go)).reduce(both, fixed(1));
  if (YES_OR_NO.test(name) || QUESTIONS.test(name)) return fixed(2, sourcesOf(given));
  const [first, second] = args;
  // What is tested decides, and is not shown.
  if (name === 'sprig.ternary' && first && second) return either(go(first), go(second));
  if (DATED.test(name)) return spreadOfDate(name, first, given);
  if (HTML_DATED.test(name)) return spreadOfLayout(HTML_LAYOUT, fresh(name));
  if (name === 'sprig.durationRound' && given.kind === 'fixed' && first?.kind !== 'text') return fresh(name);
  if (args.some(({ kind }) => kind === 'predicate')) return spreadOfLoop(name, args, go);
  if (name === 'get' && first && second) return spreadOfGet(first, second, given, go);
  if (name === 'min') return spreadOfMin(args, given);
  if (TRIM.test(name)) {
    // Sprig wants what is cut off before the text.
    const cutOff = name.startsWith('sprig.') ? args.slice(0, -1) : args.slice(1);
    return cutOff.every(isLiteral) ? given : partOf(given);
  }
  if (PART_OF_TEXT.test(name)) return partOf(given);
  if (WHOLE_NUMBER.test(name) && given.kind === 'number' && args.some(isDivided)) return partOf(given);
  return given;
}

/** A method works on what it is called of. */
export function spreadOfMethod(
  method: string,
  object: Syntax,
  args: readonly Syntax[],
  go: SpreadOfNode,
): Spread {
  const [layout] = args;
  if (method === 'Format' && layout?.kind === 'text' && args.length === 1)
    return spreadOfLayout(layout.value, go(object));
  const field = args.length === 0 ? spreadOfField(method, go(object)) : undefined;
  return field ?? spreadOfCall(method, [object, ...args], go);
}

/** Whether something can be no value at all, which functions take for one more value. */
function spreadOfArgument(arg: Syntax, go: SpreadOfNode): Spread {
  const spread = go(arg);
  return spread.kind === 'fixed' && isNilable(arg) ? either(spread, fixed(1)) : spread;
}

const GIVES_NIL = /^(?:find|findLast|first|last|get|reduce|min|max|fromJSON|jsonpath|sprig\..*)$/;

function isNilable(node: Syntax): boolean {
  switch (node.kind) {
    case 'member':
    case 'chain':
    case 'pointer':
      return true;
    case 'conditional':
      return isNilable(node.yes) || isNilable(node.no);
    case 'let':
      return isNilable(node.body);
    case 'sequence':
      return node.nodes.some(isNilable);
    case 'binary':
      return node.operator === '??' && isNilable(node.right);
    case 'builtin':
      return GIVES_NIL.test(node.name);
    case 'call':
      return true;
    default:
      return false;
  }
}

function spreadOfDate(name: string, layout: Syntax | undefined, given: Spread): Spread {
  const moment = fresh(name);
  return layout?.kind === 'text' ? spreadOfLayout(layout.value, moment) : both(given, moment);
}

/** `get(workflow.labels, 'team')` is `workflow.labels.team`. */
function spreadOfGet(object: Syntax, key: Syntax, given: Spread, go: SpreadOfNode): Spread {
  if (dottedPath(object) === undefined || key.kind !== 'text') return partOf(given);
  const { position } = object;
  return go({ kind: 'member', object, property: key, isOptional: true, isMethod: false, position });
}

/** What is asked of each element of a list. */
function spreadOfLoop(name: string, args: readonly Syntax[], go: SpreadOfNode): Spread {
  const list = args[0];
  const asked = args.slice(1).map(go).reduce(both, fixed(1));
  const elements = list?.kind === 'list' ? list.items : undefined;
  if (elements && /^find(?:Last)?$/.test(name)) return elements.map(go).reduce(either, fixed(0));
  if (elements && name === 'findIndex') return fixed(elements.length, sourcesOf(asked));
  const given = list ? go(list) : fixed(1);
  const spread = both(given, asked);
  if (spread.kind !== 'fixed') return partOf(spread);
  if (spread.count === 1) return spread;
  const ways = elements && elements.length <= ELEMENTS_MAX ? elements.length : undefined;
  if (ways !== undefined && asked.kind === 'fixed' && given.kind === 'fixed')
    return fixed(asked.count ** ways * given.count, sourcesOf(asked));
  const [path] = args.flatMap(arg => variablePaths(arg));
  return spreadOf('reduced', path?.path ?? `${name}()`);
}

/** A number from nought that is cut at a bound. */
function spreadOfMin(args: readonly Syntax[], given: Spread): Spread {
  const bounds = args.flatMap(arg => foldInteger(arg) ?? []).filter(bound => bound >= 0n);
  const others = args.filter(arg => foldInteger(arg) === undefined);
  const [bound] = bounds;
  if (bound === undefined || others.length !== 1 || !others.every(isWholeFromZero)) return given;
  const least = bounds.reduce((low, each) => (each < low ? each : low), bound);
  const counted = Number(least) + 1;
  return given.kind === 'fixed' && given.count <= counted ? given : fixed(counted, sourcesOf(given));
}

const COMPARISONS = new Set('== != < > <= >= in matches contains startsWith endsWith'.split(' '));
export const JOINS: ReadonlySet<string> = new Set(['and', '&&', 'or', '||']);

/** Whether it is true or false, whatever the variables are. */
export function isYesOrNo(node: Syntax): boolean {
  if (node.kind === 'bool') return true;
  if (node.kind === 'unary') return node.operator === '!' || node.operator === 'not';
  if (node.kind === 'binary')
    return COMPARISONS.has(node.operator) || (JOINS.has(node.operator) && isYesOrNo(decisive(node)));
  const [name] = calledOf(node);
  return YES_OR_NO.test(name) || QUESTIONS.test(name);
}

/** The side that `and` or `or` come to, if they do not know before: of `x and true` the left one is left, whatever it is. */
export function decisive({ left, right }: Extract<Syntax, { readonly kind: 'binary' }>): Syntax {
  return foldBoolean(right) === undefined ? right : left;
}

/** Whether it is 0, 1, 2 …, whatever the variables are. */
export function isWholeFromZero(node: Syntax): boolean {
  if (node.kind === 'builtin' && node.name === 'len') return true;
  const [name, args] = calledOf(node);
  const [arg] = args;
  return args.length === 1 && arg !== undefined && WHOLE_NUMBER.test(name) && isFromZero(arg);
}

const FROM_ZERO = /^(?:(?:workflow\.)?duration|resourcesDuration\..+|retries)$/;
const KEEPS_SIGN =
  /^(?:int|float|asInt|asFloat|round|floor|ceil|sprig\.(?:int|int64|float64|atoi|round|floor|ceil))$/;

function isFromZero(node: Syntax): boolean {
  const path = dottedPath(node);
  if (path !== undefined) return FROM_ZERO.test(path);
  if (node.kind === 'integer') return node.value >= 0n;
  if (node.kind === 'float') return node.value >= 0;
  if (node.kind === 'binary') {
    const isKept = node.operator === '*' || node.operator === '+' || node.operator === '/';
    const isDivisor = node.operator !== '/' || isPositive(node.right);
    return isKept && isDivisor && isFromZero(node.left) && isFromZero(node.right);
  }
  const [name, [arg]] = calledOf(node);
  return KEEPS_SIGN.test(name) && arg !== undefined && isFromZero(arg);
}

function isPositive(node: Syntax): boolean {
  return (node.kind === 'integer' && node.value > 0n) || (node.kind === 'float' && node.value > 0);
}

function calledOf(node: Syntax): readonly [name: string, args: readonly Syntax[]] {
  if (node.kind === 'builtin') return [node.name, node.args];
  if (node.kind !== 'call') return ['', []];
  const { callee } = node;
  const name = dottedPath(callee.kind === 'member' ? { ...callee, isMethod: false } : callee);
  return [name ?? '', node.args];
}

/** Numbers that are put into steps of some size. */
function isDivided(node: Syntax): boolean {
  return node.kind === 'binary' && (node.operator === '/' || isDivided(node.left) || isDivided(node.right));
}

function isLiteral({ kind }: Syntax): boolean {
  return kind === 'text' || kind === 'integer' || kind === 'float' || kind === 'bool' || kind === 'nil';
}

function fresh(name: string): Spread {
  return spreadOf('fresh', `${name}()`);
}

function sourcesOf(spread: Spread): readonly string[] {
  return spread.kind === 'fixed' ? spread.sources : [spread.source];
}
