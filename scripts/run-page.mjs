// The page of the endpoint in a real Chromium (CHROMIUM, or in PATH): hostile texts, the keyboard alone, a small screen, both
// colour schemes, screen readers, a server that dies, five thousand metrics, and a store with too many series. Usage:
// node scripts/run-page.mjs [FOLDER FOR PICTURES]. In mocha, without a browser: test/exposition/page.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Chromium } from './chromium.mjs';
import { findPrograms } from './export-peers.mjs';
import { exploresStore } from './page-of-store.mjs';
import { advisedMetric, HOSTILE, hostileMetric, report } from './page-reports.mjs';
import { brokenRules, focused, signsOfLife } from './page-rules.mjs';
import { ReportedEndpoint } from './reported-endpoint.mjs';
import { Steps } from './steps.mjs';

const VIEWS = {
  'wide light': { width: 1200, height: 900 },
  'wide dark': { width: 1200, height: 900, isDark: true },
  'phone light': { width: 360, height: 740, isPhone: true },
  'phone dark': { width: 360, height: 740, isDark: true, isPhone: true },
};
const [pictures] = process.argv.slice(2);
const ROWS = `document.querySelectorAll('#metrics > tbody > tr:not(.detail)').length`;
/** Tabs that lead from the top of a page to the first metric, or it is not to be reached. */
const TABS_MAX = 12;

const buttonOf = name =>
  `[...document.querySelectorAll('#metrics > tbody > tr > th > button')].find(({ textContent }) => textContent === ${JSON.stringify(name)})`;
const click = (page, name) => page.run(`${buttonOf(name)}.click()`);

async function picture(page, name) {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.picture(join(pictures, `${name.replaceAll(' ', '-')}.png`));
}

/** As when the tab comes to the front: it asks at once. */
async function refresh(page, endpoint) {
  const { asked } = endpoint;
  await page.run(`document.dispatchEvent(new Event('visibilitychange'))`);
  while (endpoint.asked === asked) await new Promise(resolve => setTimeout(resolve, 10));
  await page.until(`!document.getElementById('summary').textContent.includes('Loading')`);
}

async function withPage(browser, endpoint, view, use) {
  const page = await browser.open(`${endpoint.origin}/`, view);
  try {
    await page.until(`${ROWS} > 0`);
    return await use(page);
  } finally {
    await page.close();
  }
}

async function looks(page, name) {
  await picture(page, name);
  assert.deepEqual(await brokenRules(page), [], 'closed');
  await click(page, 'jobs');
  await page.run(`${buttonOf('jobs')}.closest('tr').scrollIntoView()`);
  await picture(page, `${name} open`);
  assert.deepEqual(await brokenRules(page), [], 'open');
  await click(page, HOSTILE[0]);
  for (const button of ['4,840 more', '4,940 more', '90 more', '190 more'])
    await page.run(
      `for (const button of document.querySelectorAll('.top button')) if (button.textContent === '${button}') button.click()`,
    );
  await page.run(`${buttonOf(HOSTILE[0])}.closest('tr').scrollIntoView()`);
  await picture(page, `${name} hostile`);
  assert.deepEqual(await brokenRules(page), [], 'hostile, all of it');
}

async function isDead(page, origin) {
  for (const name of HOSTILE.filter(text => text.length < 100 && !/[\p{C}]/u.test(text) && text !== ''))
    await page.run(`${buttonOf(name)}?.click()`);
  assert.ok((await page.run(`document.querySelectorAll('tr.detail').length`)) > 3);
  assert.deepEqual(await signsOfLife(page, origin), []);
  const text = await page.run(`document.querySelector('main').innerText`);
  for (const part of [
    'a\\u{202e}gnp.exe',
    '\\u{0}\\u{7}\\u{1b}[31mbell',
    '\\u{d800}',
    HOSTILE[0],
    HOSTILE[1],
  ])
    assert.ok(text.includes(part), part);
  const unseen = Array.from(text).filter(
    character => /\p{C}/u.test(character) && !'\t\n'.includes(character),
  );
  assert.deepEqual(unseen, []);
}

/** Tabs until an element fits. */
async function tabTo(page, fits) {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.press('Tab');
    const element = await focused(page);
    assert.ok(element.isSeen, `nobody sees that ${element.name} ${element.text} has the focus`);
    if (fits(element)) return element;
  }
  throw new Error(`it cannot be reached with the Tab key: ${fits}`);
}

async function byKeyboard(browser, page, origin) {
  await browser.send('Browser.grantPermissions', {
    permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'],
  });
  await tabTo(page, ({ text }) => text === 'Skip to the metrics');
  await page.press('Enter');
  await tabTo(page, ({ text }) => text === 'jobs');
  await page.go(origin);
  await page.until(`${ROWS} > 0`);
  await tabTo(page, ({ id }) => id === 'filter');
  await page.type('jobs');
  assert.equal(await page.run(ROWS), 1);
  await tabTo(page, ({ id }) => id === 'sort');
  await page.press('ArrowDown');
  await tabTo(page, ({ text }) => text === 'jobs');
  await page.press('Enter');
  assert.equal((await focused(page)).text, 'jobs', 'the focus stays where it was');
  assert.equal(await page.run(`document.querySelectorAll('tr.detail').length`), 1);
  await tabTo(page, ({ text }) => text === 'Copy');
  await page.press(' ');
  await page.until(`document.activeElement.textContent === 'Copied'`);
  assert.equal(await page.run('navigator.clipboard.readText()'), advisedMetric('jobs').advice.code);
  await tabTo(page, ({ name }) => name === 'pre');
  await page.press('Tab', 8);
  await page.press('Tab', 8);
  await page.press(' ');
  assert.equal(await page.run(`document.querySelectorAll('tr.detail').length`), 0);
}

/** Where there is no clipboard, as for a page of another machine without HTTPS. */
async function copiesTheOldWay(page) {
  await page.run(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
  await click(page, 'jobs');
  await page.run(`document.querySelector('.copy').click()`);
  await page.until(`document.querySelector('.copy').textContent !== 'Copy'`);
  assert.equal(await page.run('String(getSelection())'), advisedMetric('jobs').advice.code);
}

async function survivesRefresh(page, endpoint) {
  await click(page, 'jobs');
  await page.run(`document.querySelector('.copy').focus()`);
  const before = await focused(page);
  await page.run('scrollTo(0, 200)');
  endpoint.shown = report([
    advisedMetric('jobs', { overflowed: 1_300_000 }),
    ...endpoint.shown.metrics.slice(1),
  ]);
  await refresh(page, endpoint);
  await page.until(`document.querySelector('main').innerText.includes('1,300,000 sets')`);
  assert.deepEqual((await focused(page)).key, before.key);
  assert.equal(await page.run('scrollY'), 200);
  await page.run(`getSelection().selectAllChildren(document.querySelector('pre'))`);
  endpoint.shown = report([
    advisedMetric('jobs', { overflowed: 1_400_000 }),
    ...endpoint.shown.metrics.slice(1),
  ]);
  await refresh(page, endpoint);
  assert.equal(
    await page.run('String(getSelection())'),
    advisedMetric('jobs').advice.code,
    'what somebody marked',
  );
}

async function isQuietWhileHidden(browser, endpoint) {
  const page = await browser.open('about:blank', VIEWS['wide light']);
  const source = `const later = setTimeout; window.setTimeout = (act, millis) => later(act, millis === 5000 ? 20 : millis);
    Object.defineProperty(document, 'hidden', { get: () => window.isAway === true });`;
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source });
  await page.go(`${endpoint.origin}/`);
  const start = endpoint.asked;
  while (endpoint.asked < start + 5) await new Promise(resolve => setTimeout(resolve, 10));
  await page.run(`window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))`);
  // The one that is under way.
  await new Promise(resolve => setTimeout(resolve, 500));
  const { asked } = endpoint;
  await new Promise(resolve => setTimeout(resolve, 500));
  assert.equal(endpoint.asked, asked);
  await page.run(`window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))`);
  while (endpoint.asked === asked) await new Promise(resolve => setTimeout(resolve, 10));
  await page.close();
}

async function outlivesItsEndpoint(page, endpoint) {
  const before = await page.run(`document.querySelector('main').innerText`);
  await endpoint.stop();
  await page.run(`document.dispatchEvent(new Event('visibilitychange'))`);
  const trouble = `document.getElementById('trouble').textContent`;
  await page.until(`${trouble} !== ''`);
  assert.match(
    await page.run(trouble),
    /^Not refreshed: the endpoint does not answer\. What stands here is from \d\d:\d\d:\d\d\.$/,
  );
  await picture(page, 'dead');
  assert.equal(await page.run(`document.querySelector('main').innerText`), before);
  await endpoint.startAgain();
  await refresh(page, endpoint);
  await page.until(`${trouble} === ''`);
}

async function hasManyMetrics(page) {
  assert.equal(await page.run(ROWS), 200);
  const millis = await page.run(`(() => {
    const filter = document.getElementById('filter');
    const start = performance.now();
    filter.value = 'm_49';
    filter.dispatchEvent(new Event('input'));
    document.body.getBoundingClientRect();
    return performance.now() - start;
  })()`);
  assert.equal(await page.run(ROWS), 111);
  assert.match(await page.run(`document.getElementById('shown').textContent`), /^111 of 5,000 metrics\.$/);
  return `filtered in ${millis.toFixed()} ms`;
}

async function checkPage(steps, browser) {
  const fill = index => ({
    series: (index * 137) % 2001,
    overflowed: 0,
    dryRun: undefined,
    advice: undefined,
  });
  const plain = Array.from({ length: 20 }, (_, index) =>
    advisedMetric(`worker.queue_${index}.items`, fill(index)),
  );
  const shown = report([
    advisedMetric('jobs', { overflowed: 1_234_567 }),
    ...HOSTILE.map(hostileMetric),
    ...plain,
  ]);
  const endpoint = await new ReportedEndpoint(shown).start();
  const with_ = (view, use) => withPage(browser, endpoint, VIEWS[view], use);
  for (const view of Object.keys(VIEWS)) {
    await steps.step(`${view}: contrast, names, targets, nothing to scroll sideways`, () =>
      with_(view, page => looks(page, view)),
    );
    await steps.step(`${view}: hostile texts are texts`, () =>
      with_(view, page => isDead(page, endpoint.origin)),
    );
  }
  await steps.step('the keyboard is enough', () =>
    with_('wide light', page => byKeyboard(browser, page, `${endpoint.origin}/`)),
  );
  await steps.step('a View can be copied where there is no clipboard', () =>
    with_('wide light', copiesTheOldWay),
  );
  await steps.step('focus, place and what is marked outlive a refresh', () =>
    with_('wide light', page => survivesRefresh(page, endpoint)),
  );
  await steps.step('nothing is asked for while nobody looks', () => isQuietWhileHidden(browser, endpoint));
  await steps.step('a dead endpoint leaves its numbers, and they say how old they are', () =>
    with_('phone light', page => outlivesItsEndpoint(page, endpoint)),
  );
  endpoint.shown = report(
    Array.from({ length: 5000 }, (_, index) => advisedMetric(`m_${index}`)),
    { sampled: 3 },
  );
  const said = await steps.step('five thousand metrics', () => with_('wide light', hasManyMetrics));
  if (said !== undefined) console.log(`      ${said}`);
  await endpoint.stop();
  await steps.step('a store with too many series, and one with hostile texts', () =>
    exploresStore(browser, VIEWS['wide light'], picture),
  );
}

const [program] = findPrograms('CHROMIUM', 'chromium');
if (program === undefined) {
  console.log('  - skipped: there is no chromium in PATH, and CHROMIUM names none');
  console.log('nothing to check');
} else {
  const steps = new Steps();
  const browser = new Chromium();
  const product = await steps.step('a browser starts', () => browser.start(program));
  if (product !== undefined) {
    console.log(`      ${product}`);
    await checkPage(steps, browser);
  }
  await browser.close();
  steps.finish();
}
