// What a `when` clause can come to while some of its texts are not known: as when-evaluation.ts, with "perhaps".
import { apply, evaluateTree, isDecided, prefixed } from './when-evaluation.js';
import { WhenError } from './when-error.js';
import type { TextDiagnostic } from '../diagnostic/diagnostic.js';
import { parseWhen } from './when-parser.js';
import type { Link, WhenNode, WhenValue } from './when-tree.js';
import { show } from './when-values.js';

/** Stands in a clause for a text that is not known. */
export const UNKNOWN_WORD = 'zqunknownqz';

export type WhenPossibility = boolean | 'perhaps' | { readonly error: TextDiagnostic };

const PERHAPS = Symbol('perhaps');
type Known = WhenValue | typeof PERHAPS;

/** What the clause comes to, `'perhaps'` where that depends on what {@link UNKNOWN_WORD} stands for. */
export function possibilityOf(text: string): WhenPossibility {
  if (text === '') return true;
  const hasUnknown = text.includes(UNKNOWN_WORD);
  try {
    const tree = parseWhen(text);
    const result = hasUnknown ? evaluate(tree) : evaluateTree(tree);
    if (result === PERHAPS) return 'perhaps';
    if (typeof result === 'boolean') return result;
    throw new WhenError('result', 0, show(result));
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    // The text may change how the clause is read at all.
    return error.stage !== 'evaluate' && error.stage !== 'result' && hasUnknown
      ? 'perhaps'
      : { error: error.toDiagnostic(text) };
  }
}

function evaluate(node: WhenNode): Known {
  switch (node.kind) {
    case 'literal':
      return textIn(node.value).includes(UNKNOWN_WORD) ? PERHAPS : node.value;
    case 'prefix': {
      const operand = evaluate(node.operand);
      return operand === PERHAPS ? PERHAPS : prefixed(node.symbol, operand, node.position);
    }
    case 'chain':
      return node.links.reduce<Known>((left, link) => join(left, link), evaluate(node.first));
    default:
      return evaluateTree(node);
  }
}

function textIn(value: WhenValue): string {
  return value === null ? '' : show(value);
}

function join(left: Known, link: Link): Known {
  const { symbol } = link;
  if (left === PERHAPS)
    // Only a right side that is known to be false decides; what is wrong with it is perhaps never looked at.
    return symbol === '&&' && evaluateOrPerhaps(link.operand) === false ? false : PERHAPS;
  if (isDecided(symbol, left)) return symbol === '?' ? null : left;
  const right = evaluate(link.operand);
  return right === PERHAPS ? PERHAPS : apply(link, left, right);
}

function evaluateOrPerhaps(node: WhenNode): Known {
  try {
    return evaluate(node);
  } catch (error) {
    if (error instanceof WhenError) return PERHAPS;
    throw error;
  }
}
