// Goal: the page shows what the report says, and what was recorded is only ever text in it. Method: its script over elements
// that remember, and refuse what is not text. In a real browser: npm run test:page.
import { expect } from 'chai';
import fc from 'fast-check';
import type { MetricCardinality } from '../../../lib/store/definition/cardinality-report.js';
import { PageInMemory } from './page-in-memory.js';
import { HOSTILE, metric, report } from '../../../scripts/page-reports.mjs';

const pageOf = (metrics: readonly MetricCardinality[], changes = {}, view = {}): Promise<PageInMemory> =>
  new PageInMemory(report(metrics, changes), view).settle();
const textsOf = (page: PageInMemory): string[] => page.body.elements.map(({ textContent }) => textContent);
const namesOf = (page: PageInMemory): string[] =>
  page.body.elements.flatMap(({ elements: [first] }) =>
    first?.name === 'th' ? [first.elements[0]?.textContent ?? ''] : [],
  );

describe('the page', () => {
  it('should say how many series there are, in how many metrics, and how many overflow', async () => {
    const page = await pageOf([metric(), metric({ name: 'idle', series: 1, overflowed: 0 })]);
    const summary = page.at('summary').textContent;
    expect(summary).to.match(/^2,001 of 143,360 series in 2 metrics, 1 metric overflows\. \d\d:\d\d:\d\d$/);
    const sampled = await pageOf([], { sampled: 3 });
    expect(sampled.at('summary').textContent).to.contain('Labels are of a sample, one series of 3.');
    expect(sampled.at('shown').textContent).to.equal('Nothing was recorded yet.');
  });

  it('should show of each metric its series, its limit, what overflowed, and the label that makes them', async () => {
    const few = metric({ name: 'few', scope: 'app', series: 12, overflowed: 0, labels: [] });
    const page = await pageOf([few, metric()]);
    expect(textsOf(page)).to.deep.equal([
      'jobs2,000 of 2,000100 % 100 %998,000 sets overflowedmain label pod: about 40 without it',
      'few app12 of 2,0000 % 0 %0main label no labels',
    ]);
    const meters = page.body.all().filter(({ name }) => name === 'meter');
    expect(meters.map(({ attributes }) => Number(attributes.get('value')))).to.deep.equal([2000, 12]);
    expect(Number(meters[0]?.attributes.get('high'))).to.be.within(1999, 1999.9);
  });

  it('should open the labels and the View under the row, and close them again', async () => {
    const code = "cardinalityLimitedView({ instrumentName: 'jobs', limit: 240 })";
    const advice = { text: 'Bound pod.', limit: 240, labels: { pod: { maxValues: 50 } }, code };
    const used = { maxValues: 50, used: 12, refused: { values: 1234, atLeast: false } };
    const policy = { rule: 'maxValues', ...used, overflowValue: '_OTHER' } as const;
    const [pod] = metric().labels;
    const labels = pod === undefined ? [] : [{ ...pod, policy }];
    const page = await pageOf([
      metric({ labels, advice, dryRun: { series: 190, overflowed: 1 } }),
      metric({ name: 'z' }),
    ]);
    await page.does('click', page.button('jobs'));
    const [row, detail, next] = page.body.elements;
    expect(detail?.textContent)
      .to.contain('About 1,000,000 label sets were asked for. The limit is 2,000: all other sets')
      .and.to.contain('its policies would leave 190 series, 1 set would overflow')
      .and.to.contain('pod12 of 50 places used, about 1,234 others are _OTHERabout 1,000,000 values')
      .and.to.contain('about 40 series without it3p1≥ 2p2')
      .and.to.contain('Bound pod.')
      .and.to.contain(code);
    expect(next?.textContent).to.contain('z2,000');
    const demand = { sets: 3000, exact: false, atMost: true };
    const bounded = await pageOf([metric({ demand })]);
    await bounded.does('click', bounded.button('jobs'));
    expect(bounded.body.elements[1]?.textContent).to.contain('At most 3,000 label sets were asked for.');
    const [button] = row?.all().filter(({ name }) => name === 'button') ?? [];
    expect(button?.attributes.get('aria-expanded')).to.equal('true');
    expect(button?.attributes.get('aria-controls')).to.equal(detail?.attributes.get('id'));
    expect(page.active, 'the focus').to.equal(button);
    await page.does('click', page.button('Copy'));
    expect(page.copied).to.equal(code);
    await page.does('click', page.button('jobs'));
    expect(page.body.elements).to.have.length(2);
  });

  it('should filter by parts of names of metrics, scopes and labels, and sort', async () => {
    const page = await pageOf([
      metric({ name: 'a', series: 1, overflowed: 0 }),
      metric({ name: 'b', series: 3, overflowed: 1, scope: 'worker' }),
      metric({ name: 'c', series: 2, limit: 2, overflowed: 0, labels: [] }),
    ]);
    const orders: Record<string, string[]> = {};
    for (const sort of ['fill', 'series', 'overflowed', 'name']) {
      await page.choose('sort', sort);
      orders[sort] = namesOf(page);
    }
    expect(orders).to.deep.equal({
      fill: ['c', 'b', 'a'],
      series: ['b', 'c', 'a'],
      overflowed: ['b', 'a', 'c'],
      name: ['a', 'b', 'c'],
    });
    for (const [words, names] of Object.entries({ POD: ['a', 'b'], ork: ['b'], C: ['c'], nothing: [] })) {
      await page.choose('filter', words);
      expect(namesOf(page), words).to.deep.equal(names);
      expect(page.at('shown').textContent).to.equal(`${names.length} of 3 metrics.`);
    }
  });

  it('should show two hundred metrics, and say that there are more', async () => {
    const metrics = Array.from({ length: 5000 }, (_, index) => metric({ name: `m${index}` }));
    const page = await pageOf(metrics);
    expect(page.body.elements).to.have.length(200);
    expect(page.at('shown').textContent).to.equal(
      'The first 200 of 5,000 are shown: filter to see the others.',
    );
  });

  it('should keep the rows of what did not change, and the focus', async () => {
    const page = await pageOf([metric({ name: 'a' }), metric({ name: 'b' })]);
    const [a, b] = page.body.elements;
    page.button('b').focus();
    page.answer = report([metric({ name: 'a' }), metric({ name: 'b', overflowed: 1_000_000 })]);
    await page.comesBack();
    expect(page.body.elements[1]).to.equal(a);
    expect(page.body.elements[0], 'which overflowed more').to.not.equal(b);
    expect(page.active).to.equal(page.button('b'));
    page.answer = report([]);
    await page.comesBack();
    expect(page.active, 'where it goes when its row is gone').to.equal(page.at('metrics'));
  });

  it('should keep the numbers of an endpoint that answers no more, and say so', async () => {
    const page = await pageOf([metric()]);
    page.answer = 503;
    await page.comesBack();
    expect(page.at('trouble').textContent).to.match(
      /^Not refreshed: the endpoint answers 503\. What stands here is from \d\d:\d\d:\d\d\.$/,
    );
    expect(page.body.elements).to.have.length(1);
    page.answer = { ...report([]), version: 2 as never };
    await page.comesBack();
    expect(page.at('trouble').textContent).to.contain('of another version');
    page.answer = report([metric()]);
    await page.comesBack();
    expect(page.at('trouble').textContent).to.equal('');
    const dead = await new PageInMemory(500).settle();
    expect(dead.at('trouble').textContent).to.equal('Not refreshed: the endpoint answers 500.');
  });

  it('should ask again after a while, but not while nobody looks or when it was told not to', async () => {
    const page = await pageOf([]);
    expect([page.asked, page.timers]).to.deep.equal([1, 1]);
    page.isHidden = true;
    await page.comesBack();
    expect([page.asked, page.timers], 'hidden').to.deep.equal([1, 1]);
    page.isHidden = false;
    page.at('live').checked = false;
    await page.does('change', page.at('live'));
    await page.comesBack();
    expect([page.asked, page.timers], 'switched off').to.deep.equal([1, 1]);
    page.at('live').checked = true;
    await page.does('change', page.at('live'));
    expect([page.asked, page.timers], 'switched on').to.deep.equal([2, 2]);
  });

  for (const isPhone of [false, true])
    it(`should cut long values off ${isPhone ? 'earlier ' : ''}until they are asked for, the count before them${isPhone ? ', on a phone' : ''}`, async () => {
      const max = isPhone ? 60 : 160;
      const long = '\u{1f469}'.repeat(max + 1);
      const top = [{ value: long, series: 7, atLeast: false }];
      const labels = [{ key: 'k', distinct: 1, exact: true, seriesWithout: 1, top }];
      const page = await pageOf([metric({ labels })], {}, { isPhone });
      await page.does('click', page.button('jobs'));
      expect(textsOf(page)[1]).to.contain(`7${'\u{1f469}'.repeat(max)}… 1 more`);
      await page.does('click', page.button('1 more'));
      expect(textsOf(page)[1]).to.contain(`7${long} less`);
    });

  it('should show what cannot be seen as its code point', async () => {
    const page = await pageOf(HOSTILE.map(name => metric({ name })));
    await page.choose('sort', 'name');
    const names = namesOf(page);
    expect(names).to.include.members([
      '<img src=x onerror="window.broken=1">',
      'a\\u{202e}gnp.exe',
      '\\u{0}\\u{7}\\u{1b}[31mbell',
      '\\u{d800}',
      '\\u{dc00} turned \\u{d800}',
      'zero\\u{200b}width\\u{2060}\\u{feff}',
      '\\u{20}blanks \\u{20}around\\u{20}',
      '\u{1f469}\\u{200d}\u{1f680}',
    ]);
    expect(names.join('')).to.match(/^[^\p{C}]*$/u);
  });

  it('should make nothing but text of whatever was recorded', async () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
    const property = fc.asyncProperty(fc.array(text, { minLength: 5, maxLength: 5 }), async texts => {
      const [name = '', scope = '', key = '', value = '', code = ''] = texts;
      const labels = [
        { key, distinct: 1, exact: true, seriesWithout: 1, top: [{ value, series: 1, atLeast: false }] },
      ];
      const advice = { text: value, limit: 1, labels: {}, code };
      // An element or an attribute that it may not make throws, and then there is no row.
      const page = await pageOf([metric({ name, scope, labels, advice })]);
      const [button] = page.body.all().filter(({ name: element }) => element === 'button');
      if (button === undefined) throw new Error(page.at('trouble').textContent);
      await page.does('click', button);
      expect(page.at('trouble').textContent).to.equal('');
      const [row, detail] = page.body.elements;
      expect(row?.textContent).to.match(/^[^\p{C}\u2028\u2029]*$/u);
      expect(detail?.textContent.replaceAll('\n', ''), 'the View').to.match(/^[^\p{C}\u2028\u2029]*$/u);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
