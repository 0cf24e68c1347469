// What an endpoint answers beside the metrics: a page for people, and the numbers that it shows.
import type { CardinalityReport } from '../../store/definition/cardinality-report.js';
import { BoundedAnswers } from '../http/bounded-answers.js';
import type { AnswerLimits } from '../http/bounded-answers.js';
import type { RequestAnswers } from '../http/plain-answer.js';
import { FileAnswers, SECURITY_HEADERS } from './file-answers.js';
import { PAGE_CSS, PAGE_HTML, PAGE_JS } from './page-files.js';
import { reportChunks } from './report-chunks.js';

const REPORT_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };
const WORDS = { one: 'report', missing: 'There is no report' };

/** What the page has in the place of the link to the metrics. */
const LINK = '%METRICS%';

/**
 * By path. None at all where the metrics stand at one of these paths: they come first, and half a page is none.
 *
 * The report has places of its own, as many as scrapes: whoever looks at the page takes none away from a scraper.
 */
export function pagePaths(
  report: () => Promise<CardinalityReport>,
  metricsPath: string,
  limits: AnswerLimits,
): ReadonlyMap<string, RequestAnswers> {
  const paths = new Map<string, RequestAnswers>([
    [
      '/',
      new FileAnswers(
        'text/html',
        PAGE_HTML.replace(LINK, () => linkTo(metricsPath)),
      ),
    ],
    ['/page.css', new FileAnswers('text/css', PAGE_CSS)],
    ['/page.js', new FileAnswers('text/javascript', PAGE_JS)],
    ['/api/cardinality', reportAnswers(report, limits)],
  ]);
  return paths.has(metricsPath) ? new Map() : paths;
}

function reportAnswers(report: () => Promise<CardinalityReport>, limits: AnswerLimits): BoundedAnswers {
  return new BoundedAnswers(limits, {
    words: WORDS,
    headersOfAll: { ...SECURITY_HEADERS, 'Cache-Control': 'no-store', Vary: 'Accept-Encoding' },
    headersOf: () => REPORT_HEADERS,
    source: async () => {
      const made = await report();
      return { begin: () => ({ headers: REPORT_HEADERS, chunks: reportChunks(made) }) };
    },
  });
}

/** Relative, so that it also leads there behind a proxy that has the endpoint below a path of its own. */
function linkTo(metricsPath: string): string {
  const escaped = metricsPath.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
  return `.${escaped}`;
}
