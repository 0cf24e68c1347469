// Goal: what a server says wrongly, or without an end, costs that answer or that object and nothing else. Method: a real server
// that says it.
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { ApiLimits } from '../../lib/kubernetes/api-client.js';
import { begin, json, TestApiServer, type Fault } from './test-api-server.js';
import { objectOf, Watching } from './watching.js';

const OBJECT_BYTES = 2000;

describe('a list and a watch of a hostile server', () => {
  let server: TestApiServer;
  let watching: Watching | undefined;

  beforeEach(async () => {
    server = await TestApiServer.start();
  });

  afterEach(async () => {
    await watching?.end();
    await server.close();
    watching = undefined;
  });

  function start(limits: Partial<ApiLimits> = {}): Watching {
    return (watching = new Watching(server, limits));
  }

  const watchFrom = (version: string): Promise<unknown> =>
    server.asked(({ kind, query }) => kind === 'watch' && query.get('resourceVersion') === version);

  it('should take the other objects of a page, and say why for this one', async () => {
    const items = [
      JSON.stringify(objectOf('a')),
      JSON.stringify(objectOf('big', { spec: 'x'.repeat(OBJECT_BYTES) })),
      '{"metadata":{"name":"no-uid"}}',
      'nonsense',
      '{"__proto__":{"metadata":{"uid":"p"}}}',
      JSON.stringify(objectOf('b')),
    ];
    server.fault('list', response => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"kind":"WorkflowList","items":[${items.join()}],"metadata":{"resourceVersion":"1000"}}`);
    });
    const { listed, taken } = start({ objectBytes: OBJECT_BYTES });
    await listed;
    expect(taken[0]).to.match(
      /^\[a@ it has \d+ bytes, which is too many it has no uid it is no JSON: .* it has no uid b@\]$/,
    );
  });

  it('should take the lines after one that is too long, not JSON, not UTF-8 or of an unknown type', async () => {
    const good = (name: string, resourceVersion: string): string =>
      `${JSON.stringify({ type: 'ADDED', object: { metadata: { name, uid: name, resourceVersion } } })}\n`;
    server.fault('watch', response => {
      begin(response);
      response.write(good('a', '1001'));
      response.write(`{"type":"ADDED","object":"${'x'.repeat(OBJECT_BYTES)}"}\n`);
      response.write('{"type":"ADDED",\n\n');
      response.write(
        Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
      );
      response.write('5\n{"type":"CLOSED","object":null}\n{"type":"__proto__"}\n');
      response.end(good('b', '1002'));
    });
    const back = watchFrom('1002');
    const { taken } = start({ objectBytes: OBJECT_BYTES });
    await back;
    const texts = taken.map(text => text.replace(/no JSON: .*/, 'no JSON'));
    const undefinedName = "Cannot destructure property 'name' of 'object.metadata' as it is undefined.";
    expect(texts).to.deep.equal([
      '[]',
      'ADDED a@1001',
      `MODIFIED it has ${OBJECT_BYTES + 28} bytes, which is too many`,
      'MODIFIED it is no JSON',
      'MODIFIED it is not UTF-8',
      ` ${undefinedName}`,
      `CLOSED ${undefinedName}`,
      `__proto__ ${undefinedName}`,
      'ADDED b@1002',
    ]);
  });

  const answers: Readonly<Record<string, [Fault, RegExp]>> = {
    'a page of HTML': [
      response => response.setHeader('content-type', 'text/html').end('<html>'),
      /type text\/html, not JSON/,
    ],
    'no type': [response => response.end('{}'), /without a type/],
    'gzip that was not asked for': [
      response => json(response, 200, {}, { 'content-encoding': 'gzip' }),
      /encoded as gzip/,
    ],
    'a redirect': [
      response => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /^list: 302 it redirects, which is not followed$/,
    ],
    'an object that is no list': [
      response => json(response, 200, { kind: 'Status' }),
      /no list of Kubernetes/,
    ],
    'a list of JSON': [response => json(response, 200, []), /no list of Kubernetes/],
    'a list without a version': [response => json(response, 200, { kind: 'XList', items: [] }), /no version/],
    'JSON that breaks off': [
      response => response.setHeader('content-type', 'application/json').end('{"kind":"XList"'),
      /breaks off/,
    ],
    'a token that is too long': [
      response =>
        json(response, 200, {
          kind: 'XList',
          metadata: { resourceVersion: '1', continue: 'x'.repeat(9000) },
        }),
      /token is too long/,
    ],
    'an envelope without an end': [
      response => json(response, 200, { kind: 'XList', metadata: { x: 'x'.repeat(2 ** 20) } }),
      /beside its objects/,
    ],
    'headers without an end': [
      response => response.setHeader('x', 'x'.repeat(20_000)).end(),
      /Header overflow/,
    ],
    'a broken connection': [response => response.destroy(), /socket hang up/],
    'a refusal without an end': [
      response => response.writeHead(500).write('x'.repeat(100_000)),
      /^list: 500 x{500}…$/,
    ],
  };
  for (const [name, [fault, reason]] of Object.entries(answers))
    it(`should try again after ${name}`, async () => {
      server.fault('list', fault);
      const { listed, reasons } = start();
      await listed;
      expect(reasons).to.have.length(1);
      expect(reasons[0]).to.match(reason);
    });

  it('should begin anew when pages have no end', async () => {
    const same: Fault = response =>
      json(response, 200, { kind: 'XList', metadata: { resourceVersion: '1', continue: 'again' } });
    server.fault('list', same, same);
    const { listed, reasons } = start();
    await listed;
    expect(reasons).to.deep.equal([
      'list: the list has no next page: its token is too long, or that of this page',
    ]);
  });

  it('should give up an answer that is silent, and one that never ends', async () => {
    const silent: Fault = response => {
      begin(response);
      response.write('{"kind":');
    };
    server.fault('list', silent, silent);
    const { listed, reasons } = start({ silenceMillis: 100 });
    await listed;
    expect(reasons.slice(0, 2)).to.deep.equal([
      'list: nothing came for 0.1 s',
      'list: nothing came for 0.1 s',
    ]);
    await watching?.end();
    server.fault('list', silent);
    const second = start({ pageMillis: 100 });
    await second.listed;
    expect(second.reasons[0]).to.equal('list: not at its end after 0.1 s');
  });

  const endless: Readonly<Record<string, (response: ServerResponse) => void>> = {
    'says each moment that it is at work': response => response.writeProcessing(),
    'never comes to the end of its headers': response => void response.socket?.write('x: y\r\n'),
  };
  for (const [name, say] of Object.entries(endless))
    it(`should give up a server that ${name}`, async () => {
      server.fault('list', response => {
        response.socket?.write('HTTP/1.1 102 Processing\r\n');
        if (name.includes('work')) response.socket?.write('\r\n');
        const timer = setInterval(() => say(response), 5);
        response.on('close', () => clearInterval(timer));
      });
      const { listed, reasons } = start({ silenceMillis: 200 });
      await listed;
      expect(reasons[0]).to.match(/no answer in 0.2 s|Header overflow/);
    });

  it('should ask less and less often where a watch is answered as a list', async () => {
    const list: Fault = response => {
      begin(response);
      response.end('{"kind":"XList","items":[]}\n');
    };
    server.fault('watch', list, list, list, list);
    const { listed, waits } = start();
    await listed;
    await server.asked(() => server.requests.length === 6);
    expect(waits).to.deep.equal([250, 500, 1000, 2000]);
  });

  it('should not read on where nothing can be read', async () => {
    server.fault('list', response => json(response, 200, { kind: 'XList', items: Array(1001).fill(1) }));
    const { listed, reasons } = start();
    await listed;
    expect(reasons).to.deep.equal(['list: more than 1000 objects of the answer cannot be read']);
  });

  it('should take no page that is longer than any', async () => {
    server.fault('list', response => json(response, 200, { kind: 'XList', items: ['x'.repeat(5000)] }));
    const { listed, reasons } = start({ pageBytes: 4000 });
    await listed;
    expect(reasons).to.deep.equal(['list: the answer is longer than 4000 bytes']);
  });
});
