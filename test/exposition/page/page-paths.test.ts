import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { CardinalityReport } from '../../../lib/store/definition/cardinality-report.js';
import { pagePaths } from '../../../lib/exposition/page/page-paths.js';
import { startScrapeServer, type ScrapeServer } from '../../../lib/exposition/http/scrape-server.js';
import { ROOT } from '../../support/source-tree.js';
import { ask } from '../http-client.js';
import { HOSTILE, metric, report } from '../../../scripts/page-reports.mjs';

const PATHS = ['/', '/page.css', '/page.js', '/api/cardinality'];
/** What a visitor loads, before it is compressed, and a tenth. */
const PAGE_BYTES_MAX = 19_000;

describe('pagePaths', () => {
  const servers: ScrapeServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

  const limits = { scrapesMax: 2, answerTimeoutMillis: 60_000, gzipLevel: 1 };
  const start = async (make: () => Promise<CardinalityReport>, path = '/metrics'): Promise<string> => {
    const server = await startScrapeServer({
      host: '127.0.0.1',
      port: 0,
      path,
      ...limits,
      scrape: () => Promise.resolve({ chunks: () => [Buffer.from('up 1\n')] }),
      otherPaths: pagePaths(make, path, limits),
    });
    servers.push(server);
    return new URL(server.url).origin;
  };
  const made = report(HOSTILE.map(name => metric({ name, scope: name })));

  it('should answer each path to GET and HEAD with its own type, and guard it', async () => {
    const url = await start(() => Promise.resolve(made));
    const types = ['text/html', 'text/css', 'text/javascript', 'application/json'];
    for (const [index, path] of PATHS.entries())
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, body } = await ask(url, { path, method });
        expect(status, path).to.equal(200);
        expect(headers['content-type'], path).to.equal(`${types[index]}; charset=utf-8`);
        expect(headers['content-security-policy'], path).to.contain("default-src 'none'; script-src 'self'");
        expect(headers, path).to.include({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        });
        expect(headers['cache-control']).to.equal(path === '/api/cardinality' ? 'no-store' : 'no-cache');
        expect(body.length > 0, `${method} ${path}`).to.equal(method === 'GET');
      }
    expect((await ask(url, { path: '/api/cardinality', method: 'POST' })).status).to.equal(405);
    expect((await ask(url, { path: '/?a=b' })).status, 'a query').to.equal(200);
    for (const path of ['/page', '/page.html', '/api', '/api/cardinality/', '//', '/favicon.ico'])
      expect((await ask(url, { path })).status, path).to.equal(404);
  });

  it('should answer with the report as it is, compressed for who accepts it', async () => {
    const url = await start(() => Promise.resolve(made));
    const plain = await ask(url, { path: '/api/cardinality' });
    expect(JSON.parse(plain.body.toString())).to.deep.equal(made);
    const headers = { 'accept-encoding': 'gzip' };
    const packed = await ask(url, { path: '/api/cardinality', headers });
    expect(packed.headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(packed.body).toString()).to.equal(plain.body.toString());
    expect(packed.headers.vary).to.equal('Accept-Encoding');
  });

  it('should make nothing for HEAD, and say why there is no report', async () => {
    let asked = 0;
    const url = await start(() => {
      asked++;
      return Promise.reject(new Error('the store is gone'));
    });
    await ask(url, { path: '/api/cardinality', method: 'HEAD' });
    expect(asked).to.equal(0);
    const { status, body } = await ask(url, { path: '/api/cardinality' });
    expect([status, body.toString()]).to.deep.equal([500, 'There is no report: Error: the store is gone\n']);
    expect((await ask(url, { path: '/metrics' })).body.toString()).to.equal('up 1\n');
  });

  it('should take no place of a scrape, however many wait for a report', async () => {
    let finish: (report: CardinalityReport) => void = () => undefined;
    const slow = new Promise<CardinalityReport>(resolve => (finish = resolve));
    const url = await start(() => slow);
    const reports = Array.from({ length: 4 }, () => ask(url, { path: '/api/cardinality' }));
    for (let scrapes = 0; scrapes < 10; scrapes++)
      expect((await ask(url, { path: '/metrics' })).status).to.equal(200);
    finish(made);
    for (const { status } of await Promise.all(reports)) expect(status).to.equal(200);
  });

  it('should be nothing where the metrics have one of its paths', async () => {
    for (const path of PATHS) {
      const url = await start(() => Promise.resolve(made), path);
      for (const other of PATHS) {
        const { status, body } = await ask(url, { path: other });
        expect([status, body.toString().startsWith('up')], `${path} ${other}`).to.deep.equal(
          other === path ? [200, true] : [404, false],
        );
      }
    }
  });

  it('should lead to the metrics, whatever their path is and wherever it was mounted', async () => {
    const paths = ['/metrics', '/a/b', '/"><script>x</script>', '/a&b=c', '//elsewhere.example/', '/$&'];
    for (const path of paths) {
      const url = await start(() => Promise.resolve(made), path);
      const html = (await ask(url, { path: '/' })).body.toString();
      const [, link = ''] = /<a href="([^"]*)">metrics<\/a>/.exec(html) ?? [];
      const href = link.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
      expect(link).to.not.match(/[<>"]/);
      const { origin, pathname } = new URL(href, 'http://proxy.example/app/');
      expect(origin).to.equal('http://proxy.example');
      expect(decodeURI(pathname)).to.equal(`/app${path}`);
    }
  });

  it('should name no other place, and hold nothing that a policy without inline code forbids', async () => {
    const url = await start(() => Promise.resolve(made));
    const [html = '', css = '', js = ''] = await Promise.all(
      PATHS.slice(0, 3).map(async path => (await ask(url, { path })).body.toString()),
    );
    const all = html + css + js;
    expect(all).to.not.match(/https?:\/\/|url\(|@import|import\(/);
    expect(html).to.not.match(/\sstyle=|\son[a-z]+=|<style|<script(?! type="module" src="page\.js")/);
    expect(html.match(/(?:src|href)="[^"]*"/g)).to.have.members([
      'href="data:,"',
      'href="page.css"',
      'href="#metrics"',
      'href="./metrics"',
      'href="api/cardinality"',
      'href="api/cardinality"',
      'src="page.js"',
    ]);
    expect(js).to.not.match(/innerHTML|outerHTML|insertAdjacentHTML|\beval\b|Function\(/);
    expect(Buffer.byteLength(all)).to.be.within(1, PAGE_BYTES_MAX);
  });

  it('should be in three files', () => {
    const files = readdirSync(join(ROOT, 'lib/exposition/page')).filter(name => !name.endsWith('.ts'));
    expect(files.sort()).to.deep.equal(['page.css', 'page.html', 'page.js']);
  });
});
