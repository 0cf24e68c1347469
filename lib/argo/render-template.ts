import type { Diagnostic } from './diagnostic.js';
import { parseTemplate, render } from './template.js';
import type { Variables } from './template.js';

/**
 * Fills in the `{{tag}}`s of one text, as Argo Workflows does for names, labels, `when` and values of metrics.
 *
 * Pure; any thread. A tag is trimmed before it is looked up. Never throws on bad text.
 *
 * @example
 * renderTemplate('{{status}} after {{ duration }} s', { status: 'Failed', duration: '1.5' });
 * // { value: 'Failed after 1.5 s' }
 */
export function renderTemplate(
  text: string,
  variables: Variables,
): { value: string } | { error: Diagnostic } {
  const parsed = parseTemplate(text);
  const rendered = 'error' in parsed ? parsed : render(parsed.template, variables);
  return 'error' in rendered ? { error: { ...rendered.error, path: '' } } : rendered;
}
