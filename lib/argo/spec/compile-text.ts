import type { MetricReport } from '../diagnostic/metric-report.js';
import { parseTemplate } from '../template/template.js';
import type { Template } from '../template/template.js';

/** A text with tags. Numbers and booleans are taken as their text, as YAML readers for Kubernetes do. */
export function compileText(text: unknown, path: string, report: MetricReport): Template | undefined {
  if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean')
    return report.error('SPEC_INVALID', path, 'must be a text');
  const parsed = parseTemplate(String(text));
  return 'error' in parsed ? report.text(parsed.error, path) : parsed.template;
}
