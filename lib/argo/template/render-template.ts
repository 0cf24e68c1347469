import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { textOf } from '../../guard/thrown.js';
import { isRecord } from '../../guard/json-value.js';
import { parseTemplate, render } from './template.js';
import type { Variables } from './template.js';

/**
 * Fills in the `{{tag}}`s and `{{=expression}}`s of one text, as Argo Workflows does for names, labels, `when` and values
 * of metrics.
 *
 * Any thread; pure, but for expressions that ask for the time or for random text. A tag is trimmed before it is looked up.
 * Expressions are those of expr-lang 1.17 with Argo's functions, and all variables are texts in them; what one may cost is
 * bounded. Never throws: what is wrong with the text or the variables is the `error`.
 *
 * @example
 * renderTemplate('{{status}} after {{ duration }} s', { status: 'Failed', duration: '1.5' });
 * // { value: 'Failed after 1.5 s' }
 * renderTemplate('{{=asFloat(duration) > 60 ? "slow" : "fast"}}', { duration: '1.5' });
 * // { value: 'fast' }
 */
export function renderTemplate(
  text: string,
  variables: Variables,
): { value: string } | { error: Diagnostic } {
  if (typeof text !== 'string') return invalid(`the template must be a text, got ${typeof text}`);
  if (!isRecord(variables)) return invalid('the variables must be an object');
  try {
    const parsed = parseTemplate(text);
    const rendered = 'error' in parsed ? parsed : render(parsed.template, variables);
    return 'error' in rendered ? { error: { ...rendered.error, path: '' } } : rendered;
  } catch (error) {
    return invalid(`the variables cannot be read: ${textOf(error)}`);
  }
}

function invalid(message: string): { error: Diagnostic } {
  return { error: { code: 'SPEC_INVALID', severity: 'error', path: '', message } };
}
