// How many values a label can have, followed through tags, expressions and the calls of a template.
import { dottedPath } from '../expression/syntax/variable-paths.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { parseTemplate } from '../template/template.js';
import type { Template } from '../template/template.js';
import { both, either, fixed, partOf, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

/** How many values an input parameter gets from those that call the template. */
export type InputSpread = (name: string) => Spread | undefined;

export interface Flow {
  readonly inputs: InputSpread;
  /** How many items a loop around has; `undefined`: not known. */
  readonly items?: number | undefined;
}

export function spreadOfText(text: string, flow: Flow): Spread {
  const parsed = parseTemplate(text);
  return 'error' in parsed ? spreadOf('declared', text) : spreadOfTemplate(parsed.template, flow);
}

export function spreadOfTemplate({ segments }: Template, flow: Flow): Spread {
  return segments.reduce<Spread>((spread, segment) => {
    if (segment.kind === 'text') return spread;
    const added =
      segment.kind === 'tag'
        ? spreadOfVariable(segment.tag.trim(), flow)
        : spreadOfExpression(segment.expression.syntax, flow);
    return both(spread, added);
  }, fixed(1));
}

type Rule = readonly [pattern: RegExp, spread: (name: string) => Spread];

/** The first that fits counts. */
const VARIABLES: readonly Rule[] = [
  [/^(?:workflow\.|lastRetry\.)?status$/, () => fixed(6)],
  [/^workflow\.(?:name|uid)$/, name => spreadOf('perRun', name)],
  [/^workflow\.(?:creationTimestamp|scheduledTime)(?:\.(?:s|RFC3339|L))?$/, name => spreadOf('perRun', name)],
  [/^workflow\.annotations\..*scheduled-time$/, name => spreadOf('perRun', name)],
  [/^(?:pod|node)\.name$/, name => spreadOf('perNode', name)],
  [/(?:^|\.)duration$/, name => spreadOf('number', name)],
  [/^resourcesDuration\./, name => spreadOf('number', name)],
  [/(?:^|\.)outputs\.result$/, name => spreadOf('text', name)],
  [/^(?:workflow\.failures|lastRetry\.message)$/, name => spreadOf('text', name)],
  [/\.(?:startedAt|finishedAt)$/, name => spreadOf('text', name)],
  [/^(?:steps|tasks)\..+\.(?:id|ip|hostNodeName)$/, name => spreadOf('perNode', name)],
  [
    /^(?:workflow\.(?:parameters|annotations|labels)(?:\.json)?|inputs\.parameters)$/,
    name => spreadOf('text', name),
  ],
];

function spreadOfVariable(name: string, flow: Flow): Spread {
  const input = name.startsWith(INPUT) ? flow.inputs(name.slice(INPUT.length)) : undefined;
  if (input) return input;
  if (/^item(?:\.|$)/.test(name) && flow.items !== undefined) return fixed(flow.items);
  return VARIABLES.find(([pattern]) => pattern.test(name))?.[1](name) ?? spreadOf('declared', name);
}

const INPUT = 'inputs.parameters.';

const FRESH =
  /^(?:now|sprig\.(?:now|unixEpoch|ago|uuidv4|rand\w+|gen\w+|shuffle|bcrypt|htpasswd|encryptAES))$/;
const YES_OR_NO =
  /^(?:all|any|none|one|hasPrefix|hasSuffix|sprig\.(?:all|any|contains|empty|has|hasKey|hasPrefix|hasSuffix|(?:must)?[rR]egexMatch|semverCompare|isAbs|deepEqual|typeIs|typeIsLike|kindIs))$/;
/** What makes fewer of what they are given. Numbers they leave as many as they were. */
const PART_OF_TEXT =
  /^(?:split|splitAfter|trim\w*|len|indexOf|lastIndexOf|first|last|find|filter|take|count|sprig\.(?:trunc|abbrev\w*|substr|trim\w*|split\w*|(?:must)?[rR]egex(?:Find|ReplaceAll|Split)\w*|initials|first|last|initial|rest|len|base|dir|ext|semver|kindOf|typeOf))$/;
const WHOLE_NUMBER = /^(?:int|asInt|round|floor|ceil|sprig\.(?:int|int64|atoi|round|floor|ceil))$/;
const COMPARISONS = new Set(
  '== != < > <= >= in not matches contains startsWith endsWith && || and or'.split(' '),
);

function spreadOfExpression(
  node: Syntax,
  flow: Flow,
  declared: ReadonlyMap<string, Spread> = new Map(),
): Spread {
  const go = (part: Syntax): Spread => spreadOfExpression(part, flow, declared);
  const all = (parts: readonly Syntax[]): Spread => parts.map(go).reduce(both, fixed(1));
  const name = dottedPath(node);
  if (name !== undefined) return declared.get(name) ?? spreadOfVariable(name, flow);
  switch (node.kind) {
    case 'unary':
      return node.operator === '!' || node.operator === 'not' ? fixed(2) : go(node.operand);
    case 'binary':
      return spreadOfBinary(node, go);
    case 'conditional':
      // What is tested decides, and is not shown.
      return either(go(node.yes), go(node.no));
    case 'let':
      return spreadOfExpression(node.body, flow, new Map([...declared, [node.name, go(node.value)]]));
    case 'sequence':
      return all(node.nodes.slice(-1));
    case 'chain':
      return go(node.node);
    case 'predicate':
      return go(node.body);
    case 'slice':
      return partOf(go(node.object));
    case 'list':
      return all(node.items);
    case 'map':
      return all(node.pairs.flatMap(({ key, value }) => [key, value]));
    case 'member':
      return spreadOfMember(node.object, node.property, go);
    case 'builtin':
      return spreadOfCall(node.name, node.args, all(node.args));
    case 'call': {
      const callee = dottedPath(
        node.callee.kind === 'member' ? { ...node.callee, isMethod: false } : node.callee,
      );
      // A method works on what it is called of.
      const isMethod = node.callee.kind === 'member' && callee?.startsWith('sprig.') !== true;
      const args = isMethod && node.callee.kind === 'member' ? [node.callee.object, ...node.args] : node.args;
      return spreadOfCall(callee ?? '', args, all(args));
    }
    case 'pointer':
      return spreadOf('declared', '#');
    default:
      return fixed(1);
  }
}

function spreadOfBinary(
  node: Extract<Syntax, { readonly kind: 'binary' }>,
  go: (part: Syntax) => Spread,
): Spread {
  const { operator, left, right } = node;
  if (COMPARISONS.has(operator.split(' ', 1)[0] ?? '')) return fixed(2);
  if (operator === '??') return either(go(left), go(right));
  if (operator === '%' && right.kind === 'integer') return fixed(Number(right.value));
  return both(go(left), go(right));
}

/** Of a map that is written out, one of its values. */
function spreadOfMember(object: Syntax, property: Syntax, go: (part: Syntax) => Spread): Spread {
  const map = object.kind === 'chain' ? object.node : object;
  if (map.kind === 'map') return map.pairs.map(({ value }) => go(value)).reduce(either, fixed(0));
  if (map.kind === 'list') return map.items.map(go).reduce(either, fixed(0));
  return partOf(both(go(object), go(property)));
}

function spreadOfCall(name: string, args: readonly Syntax[], given: Spread): Spread {
  if (FRESH.test(name)) return spreadOf('fresh', `${name}()`);
  if (YES_OR_NO.test(name)) return fixed(2);
  if (PART_OF_TEXT.test(name)) return partOf(given);
  if (WHOLE_NUMBER.test(name) && given.kind === 'number' && args.some(isDivided)) return partOf(given);
  return given;
}

/** Numbers that are put into steps of some size. */
function isDivided(node: Syntax): boolean {
  return node.kind === 'binary' && (node.operator === '/' || isDivided(node.left) || isDivided(node.right));
}
