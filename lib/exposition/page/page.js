// The page at / of an endpoint, in the browser: the report of api/cardinality as a table. No framework. Whatever comes from
// the store goes in as text, never as HTML, and what cannot be seen in a text is shown as its code point.

const REFRESH_MILLIS = 5000;
const ANSWER_MILLIS = 30_000;
const ROWS_MAX = 200;
/** Where a value is cut off, until it is asked for: lines of a phone are short. */
const [CHARACTERS_OF_PHONE, CHARACTERS] = [60, 160];
const compare = (a, b) => (a < b ? -1 : Number(a > b));
/** What nobody sees, or what moves what others see: controls, marks of direction, blanks but the plain one, halves of pairs. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const SORTS = {
  fill: (a, b) => b.series / b.limit - a.series / a.limit || b.overflowed - a.overflowed,
  series: (a, b) => b.series - a.series,
  overflowed: (a, b) => b.overflowed - a.overflowed,
  name: (a, b) => compare(a.name, b.name) || compare(a.scope, b.scope),
};

const [filter, sort, live, summary, trouble, shown, table] = 'filter sort live summary trouble shown metrics'
  .split(' ')
  .map(id => document.getElementById(id));
const [body] = table.tBodies;
const phone = matchMedia('(max-width: 42rem)');

let report;
let timer;
let isLoading = false;
let lastId = 0;
/** Keys of metrics whose labels are shown, and of values that are shown whole. */
const opened = new Set();
const whole = new Set();
/** By metric: what its rows were made of, and the rows. They stay while nothing of it changed. */
let drawn = new Map();

const numbers = new Intl.NumberFormat('en');
const count = number => numbers.format(number);
const about = (number, exact, word = 'about ') => `${exact ? '' : word}${count(number)}`;
const of = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;
const time = millis => new Date(millis).toLocaleTimeString('en-GB');
const keyOf = (...parts) => JSON.stringify(parts);

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key === 'click') element.addEventListener(key, value);
    else if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A text of somebody else, with what cannot be seen in it as its code. Code keeps its lines and its blanks. */
function partsOf(text, isCode = false) {
  const parts = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    const isInside = index > 0 && index < text.length - 1 && text[index - 1] !== ' ';
    if ((character === ' ' && (isInside || isCode)) || (character === '\n' && isCode)) continue;
    const code = `\\u{${character.codePointAt(0).toString(16)}}`;
    parts.push(text.slice(end, index), make('span', { class: 'code' }, code));
    end = index + character.length;
  }
  return [...parts, text.slice(end)];
}

const span = (name, ...children) => make('span', { class: name }, ...children);

/** Isolated from what stands around it, and cut off where it is too long for a name. */
function foreign(text, max = CHARACTERS) {
  if (text === '') return span('soft', 'empty');
  const characters = Array.from(text);
  const shown = characters.length > max ? `${characters.slice(0, max).join('')}…` : text;
  return make('bdi', { class: 'foreign' }, ...partsOf(shown));
}

/** A value: the beginning, and a button for the rest. */
function value(text, key) {
  const max = phone.matches ? CHARACTERS_OF_PHONE : CHARACTERS;
  const { length } = Array.from(text);
  if (length <= max) return foreign(text, max);
  const isWhole = whole.has(key);
  const rest = `${count(length - max)} more`;
  const name = isWhole ? 'Show less of this value' : `Show ${rest} characters of this value`;
  const button = toggle(whole, key, isWhole ? 'less' : rest, { 'aria-label': name });
  return span('value', foreign(text, isWhole ? Infinity : max), ' ', button);
}

function toggle(set, key, content, attributes) {
  const click = () => {
    if (!set.delete(key)) set.add(key);
    draw();
  };
  const state = { 'data-key': key, 'aria-expanded': set.has(key) };
  return make('button', { type: 'button', click, ...state, ...attributes }, content);
}

const cell = (name, ...children) => make('td', { role: 'cell', class: name }, ...children);
const rowHead = (...children) => make('th', { role: 'rowheader', scope: 'row' }, ...children);
const row = (attributes, ...cells) => make('tr', { role: 'row', ...attributes }, ...cells);

/** Its colour: amber from four fifths on, red when it is full. */
function meter({ series, limit }) {
  const percent = `${Math.floor((100 * series) / limit)} %`;
  const bounds = { min: 0, max: limit, low: 0.8 * limit, high: limit - 0.5, optimum: 0 };
  const name = `${percent} of the limit`;
  return [
    make('meter', { ...bounds, value: Math.min(series, limit), 'aria-label': name }, percent),
    ' ',
    percent,
  ];
}

function mainLabel({ labels: [label], series }) {
  if (label === undefined) return span('soft', 'no labels');
  if (label.seriesWithout >= series) return span('soft', 'no single label');
  return span('', foreign(label.key), `: ${about(label.seriesWithout, label.exact)} without it`);
}

function rowOf(metric, key, id) {
  const { name, scope, series, limit, overflowed } = metric;
  const isOpen = opened.has(key);
  const button = toggle(opened, key, foreign(name), { 'aria-controls': isOpen ? id : undefined });
  return row(
    { class: isOpen ? 'open' : undefined },
    rowHead(button, ...(scope === '' ? [] : [' ', span('soft scope', foreign(scope))])),
    cell('number', `${count(series)} of ${count(limit)}`),
    cell('fill', ...meter(metric)),
    overflowed === 0
      ? cell('number none', '0')
      : cell('number bad', of(overflowed, 'set', 'sets'), span('phone', ' overflowed')),
    cell('main', span('phone soft', 'main label '), mainLabel(metric)),
  );
}

function policyOf({ policy }) {
  if (policy === undefined) return [];
  const { rule, maxValues, used = 0, refused, overflowValue } = policy;
  const words = [rule === 'drop' ? 'dropped by its View' : `bounded by ${rule}`];
  if (maxValues !== undefined) words[0] = `${count(used)} of ${count(maxValues)} places used`;
  const others =
    refused?.values > 0
      ? `${about(refused.values, false, refused.atLeast ? 'at least ' : undefined)} others`
      : 'others';
  if (overflowValue !== undefined) words.push(`, ${others} are `, foreign(overflowValue));
  return [make('p', { class: 'soft' }, ...words)];
}

function labelRow(label, key) {
  const { distinct, exact, seriesWithout, top } = label;
  const values = top.map(({ value: text, series, atLeast }) => {
    const shown = value(text, keyOf(key, label.key, text));
    return make('li', {}, span('number', `${atLeast ? '≥ ' : ''}${count(series)}`), shown);
  });
  return row(
    {},
    rowHead(foreign(label.key), ...policyOf(label)),
    cell('number', about(distinct, exact), span('phone', distinct === 1 ? ' value' : ' values')),
    cell('number', about(seriesWithout, exact), span('phone', ' series without it')),
    cell('top', make('ul', { 'aria-label': 'Heaviest values' }, ...values)),
  );
}

function labelTable(labels, key) {
  const heading = (text, name) => make('th', { role: 'columnheader', scope: 'col', class: name }, text);
  const headings = row(
    {},
    heading('Label'),
    heading('Values', 'number values'),
    heading('Series without it', 'number without'),
    heading('Heaviest values, by series', 'heaviest'),
  );
  return make(
    'table',
    { role: 'table', 'aria-label': 'Labels', class: 'labels' },
    make('thead', { role: 'rowgroup' }, headings),
    make('tbody', { role: 'rowgroup' }, ...labels.map(label => labelRow(label, key))),
  );
}

function* sentencesOf({ limit, headroom, overflowed, demand, dryRun }) {
  const asked = about(demand.sets, demand.exact, demand.atMost ? 'At most ' : 'About ');
  if (overflowed === 0 || demand.sets > limit)
    yield `${asked} ${demand.sets === 1 ? 'label set was' : 'label sets were'} asked for.`;
  if (overflowed > 0)
    yield `The limit is ${count(limit)}: all other sets are counted in one overflow series.`;
  else yield `There is room for ${count(headroom)} more.`;
  if (dryRun !== undefined) {
    const { series, overflowed: over } = dryRun;
    yield `A dry run: its policies would leave ${count(series)} series, ${of(over, 'set', 'sets')} would overflow.`;
  }
}

function adviceOf({ advice }, key) {
  if (advice === undefined) return [];
  const region = {
    tabindex: '0',
    role: 'region',
    'aria-label': 'View to paste',
    'data-key': keyOf(key, 'code'),
  };
  const code = make('pre', region, ...partsOf(advice.code, true));
  const click = () => void copy(code, button);
  const told = { class: 'copy', 'aria-live': 'polite', 'data-key': keyOf(key, 'copy') };
  const button = make('button', { type: 'button', click, ...told }, 'Copy');
  const title = make('h2', {}, 'A View that would help');
  return [title, make('p', {}, ...partsOf(advice.text, true)), make('div', { class: 'paste' }, button, code)];
}

function detailOf(metric, key, id) {
  const { labels, name } = metric;
  const sentences = make('p', {}, [...sentencesOf(metric)].join(' '));
  const table = labels.length > 0 ? [labelTable(labels, key)] : [];
  const told = { 'aria-label': `Labels of ${foreign(name).textContent}` };
  const section = make('section', told, sentences, ...table, ...adviceOf(metric, key));
  return row({ class: 'detail', id }, make('td', { role: 'cell', colspan: 5 }, section));
}

/** The clipboard is there for pages of this machine and of HTTPS; elsewhere the old way, or at least a selection to copy by hand. */
async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    if (!document.execCommand('copy')) {
      button.textContent = 'Selected: copy it with the keyboard';
      return;
    }
  }
  button.textContent = 'Copied';
}

/** Rows of metrics that did not change stay as they are, with what is focused or selected in them. */
function rowsOf(metric, before) {
  let key = keyOf(metric.scope, metric.name, metric.kind);
  // Two Views may make two streams of one name.
  while (drawn.has(key)) key += '+';
  const isOpen = opened.has(key);
  const text = JSON.stringify([
    isOpen,
    phone.matches,
    isOpen ? [metric, [...whole]] : { ...metric, labels: metric.labels.slice(0, 1) },
  ]);
  const known = before.get(key);
  if (known?.text === text) drawn.set(key, known);
  else {
    const id = `detail-${++lastId}`;
    drawn.set(key, {
      text,
      rows: isOpen ? [rowOf(metric, key, id), detailOf(metric, key, id)] : [rowOf(metric, key, id)],
    });
  }
  return drawn.get(key).rows;
}

function draw() {
  if (report === undefined) return;
  const words = filter.value.toLowerCase();
  const has = text => text.toLowerCase().includes(words);
  const found = report.metrics.filter(
    ({ name, scope, labels }) => has(name) || has(scope) || labels.some(({ key }) => has(key)),
  );
  const metrics = found.sort((a, b) => SORTS[sort.value](a, b) || SORTS.name(a, b)).slice(0, ROWS_MAX);
  const all = of(report.metrics.length, 'metric', 'metrics');
  shown.textContent = wordsOn(found.length, all, words !== '');
  const before = drawn;
  drawn = new Map();
  place(metrics.flatMap(metric => rowsOf(metric, before)));
}

function wordsOn(found, all, isFiltered) {
  if (report.metrics.length === 0) return 'Nothing was recorded yet.';
  if (found > ROWS_MAX)
    return `The first ${count(ROWS_MAX)} of ${count(found)} are shown: filter to see the others.`;
  return isFiltered ? `${count(found)} of ${all}.` : '';
}

/** Moves only what must be moved, so that nobody loses his place: what stays keeps the focus, what goes goes last. */
function place(rows) {
  const focused = document.activeElement?.dataset?.key;
  const wanted = new Set(rows);
  const stale = [...body.rows].filter(row => !wanted.has(row));
  let kept = [...body.rows].filter(row => wanted.has(row));
  for (const row of rows) {
    if (kept[0] !== row) body.insertBefore(row, kept[0] ?? null);
    kept = kept.filter(other => other !== row);
  }
  for (const row of stale) row.remove();
  if (focused === undefined || document.activeElement?.dataset?.key === focused) return;
  const again = [...body.querySelectorAll('[data-key]')].find(({ dataset }) => dataset.key === focused);
  (again ?? table).focus({ preventScroll: true });
}

function summarize() {
  const { series, maxSeries, metrics, sampled, at } = report;
  const overflowing = metrics.filter(({ overflowed }) => overflowed > 0).length;
  const sample = sampled > 1 ? ` Labels are of a sample, one series of ${count(sampled)}.` : '';
  const overflow = make(
    'span',
    { class: overflowing > 0 ? 'bad' : '' },
    `${of(overflowing, 'metric', 'metrics')} ${overflowing === 1 ? 'overflows' : 'overflow'}`,
  );
  summary.replaceChildren(
    `${count(series)} of ${count(maxSeries)} series in ${of(metrics.length, 'metric', 'metrics')}, `,
    overflow,
    `.${sample} `,
    make('span', { class: 'soft' }, time(at)),
  );
}

async function ask() {
  const response = await fetch('api/cardinality', {
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_MILLIS),
  });
  if (!response.ok) throw new Error(`the endpoint answers ${response.status}`);
  const answer = await response.json();
  if (answer.version !== 1) throw new Error('the endpoint is of another version, reload this page');
  return answer;
}

/** Who marks something wants to copy it. */
function isMarked() {
  const selection = getSelection();
  return !selection.isCollapsed && body.contains(selection.anchorNode);
}

async function load() {
  clearTimeout(timer);
  if (isLoading) return;
  isLoading = true;
  try {
    const answer = await ask();
    trouble.textContent = '';
    if (report === undefined || !isMarked()) {
      report = answer;
      summarize();
      draw();
    }
  } catch (error) {
    const isSilent = error.name === 'TimeoutError' || error instanceof TypeError;
    const reason = isSilent ? 'the endpoint does not answer' : error.message;
    const older = report === undefined ? '' : ` What stands here is from ${time(report.at)}.`;
    trouble.textContent = `Not refreshed: ${reason}.${older}`;
    if (report === undefined) summary.textContent = 'No numbers yet.';
  }
  isLoading = false;
  if (live.checked && !document.hidden) timer = setTimeout(() => void load(), REFRESH_MILLIS);
}

filter.addEventListener('input', draw);
sort.addEventListener('input', draw);
phone.addEventListener('change', draw);
document.getElementById('controls').addEventListener('submit', event => event.preventDefault());
live.addEventListener('change', () => {
  if (live.checked) void load();
  else clearTimeout(timer);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else if (live.checked || report === undefined) void load();
});
void load();
