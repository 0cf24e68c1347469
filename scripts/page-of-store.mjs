// The page of a real store: one metric is at its limit, the labels of another one are hostile.
import assert from 'node:assert/strict';
import { cardinalityLimitedView, createStore, startPrometheusEndpoint } from '../dist/store-entry.js';
import { HOSTILE } from './page-reports.mjs';
import { signsOfLife } from './page-rules.mjs';

const PODS = 5000;
const PHASES = ['Succeeded', 'Failed'];

/** @param picture takes a picture of a page, if pictures are wanted */
export async function exploresStore(browser, view, picture) {
  const views = [cardinalityLimitedView({ instrumentName: 'jobs', limit: 200 })];
  const store = createStore({ views, maxBytes: 2 ** 26 });
  const endpoint = await startPrometheusEndpoint({ store, port: 0 });
  const meter = store.getMeter('controller');
  const jobs = meter.createCounter('jobs');
  for (let pod = 0; pod < PODS; pod++) jobs.add(1, { pod: `p${pod}`, phase: PHASES[pod % PHASES.length] });
  const texts = meter.createCounter('texts');
  for (const text of HOSTILE) texts.add(1, { text, [`k${text}`]: 'v' });
  const origin = new URL(endpoint.url).origin;
  const page = await browser.open(`${origin}/`, view);
  try {
    await page.until(`document.querySelectorAll('#metrics > tbody > tr').length === 2`);
    for (const metric of ['jobs', 'texts'])
      await page.run(
        `[...document.querySelectorAll('th > button')].find(({ textContent }) => textContent === '${metric}').click()`,
      );
    await picture(page, 'store');
    const text = await page.run(`document.querySelector('main').innerText`);
    assert.match(text, /200 of 200\s+100 %\s+4,800 sets\s+pod: (about )?[23] without it/);
    assert.match(text, /a\\u\{202e\}gnp\.exe/);
    assert.deepEqual(await signsOfLife(page, origin), []);
    await page.run(`document.querySelector('.links a').click()`);
    await page.until(`location.pathname === '/metrics' && document.body.textContent.includes('jobs_total{')`);
  } finally {
    await page.close();
    await endpoint.shutdown();
    await store.shutdown();
  }
}
