// Goal: where the store cannot work, it says why and what to do. Each case runs in a process of its own.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createStore, attachStore, isMetricStoreError, type StoreOptions } from '../lib/index.js';
import { importsOf, readSources } from './support/source-tree.js';

const entry = new URL('../dist/esm/index.js', import.meta.url).href;
const program = `import { createStore } from '${entry}';
try { createStore(JSON.parse(process.argv[1] ?? '{}')); console.log('CREATED'); } catch (error) { console.log(error.code + ': ' + error.message); }`;

const scrape = `import { createStore, startPrometheusEndpoint } from '${entry}';
import { connect } from 'node:net';
const store = createStore();
store.getMeter('m').createCounter('c').add(7);
const { port } = new URL((await startPrometheusEndpoint({ store, port: 0 })).url);
const socket = connect(port, 'localhost');
socket.write('GET /metrics HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n');
socket.pipe(process.stdout);`;

function execute(words: string[], shell = ''): string {
  const node = [process.execPath, ...words].map(word => `'${word.replaceAll("'", "'\\''")}'`);
  const { stdout, stderr } = spawnSync('sh', ['-c', `${shell}${node.join(' ')}`], { encoding: 'utf8' });
  return stdout === '' ? stderr : stdout;
}

function run(nodeOptions: string[], shell = '', options: StoreOptions = {}): string {
  return execute([...nodeOptions, '--input-type=module', '-e', program, JSON.stringify(options)], shell);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return isMetricStoreError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'nothing thrown';
}

describe('an environment in which the store cannot work', () => {
  describe('ulimit-advice: a limit of address space', () => {
    before(function () {
      if (process.platform !== 'linux') this.skip(); // Reason: other systems have no `ulimit -v`.
    });
    const flag = '--disable-wasm-trap-handler';
    const small = { maxBytes: 2 ** 20, maxSeries: 10, maxStreams: 4, stripes: 1, maxLabelBytes: 4096 };
    const [major = 0] = process.versions.node.split('.').map(Number);

    for (const [size, options] of Object.entries({ 'any size': {}, '1 MiB': small }))
      it(`should name what helps a store of ${size}, and nothing that does not`, function () {
        const output = run([], 'ulimit -v 9000000; ', options);
        // Newer versions reserve less where there is a limit.
        if (major < 24) {
          expect(output).to.match(/^MEMORY_UNAVAILABLE: /);
          expect(output).to.contain(`node ${flag}`).and.to.contain('ulimit -v unlimited');
          expect(output).to.not.contain('maxBytes');
        } else expect(output).to.equal('CREATED\n');
        expect(run([flag], 'ulimit -v 9000000; ', options)).to.equal('CREATED\n');
        expect(run([], '', options)).to.equal('CREATED\n');
      });

    it('should say that fewer bytes help where they do', () => {
      const output = run([flag], 'ulimit -v 3000000; ', { maxBytes: 2 ** 32 });
      expect(output).to.match(/^MEMORY_UNAVAILABLE: /);
      expect(output).to.contain('lower maxBytes').and.to.not.contain(flag);
      expect(run([flag], 'ulimit -v 3000000; ', small)).to.equal('CREATED\n');
    });

    it('should serve metrics where the address space is enough for a store and nothing else like it', () => {
      const output = execute(['--input-type=module', '-e', scrape], 'ulimit -v 16000000; ');
      expect(output)
        .to.match(/^HTTP\/1\.1 200 OK\r\n/)
        .and.to.contain('\nc_total{otel_scope_name="m"} 7\n');
    });
  });

  it('should say that --jitless has no WebAssembly', () => {
    expect(run(['--jitless'])).to.match(/^WEBASSEMBLY_UNAVAILABLE: .*--jitless/);
    const commonJs = program.replace(/^import (.*) from 'file:(.*)';/, "const $1 = require('$2');");
    const output = execute(['--jitless', '-e', commonJs.replace('dist/esm/index.js', 'dist/cjs/index.js')]);
    expect(output).to.match(/^WEBASSEMBLY_UNAVAILABLE: .*--jitless/);
  });

  it('should import nothing of Node that needs WebAssembly itself, as Node 22.12 does for the exports of node:http', () => {
    const importers = readSources('lib').filter(source =>
      importsOf(source).some(({ specifier, typeOnly }) => !typeOnly && /^(node:)?https?$/.test(specifier)),
    );
    expect(importers.map(({ path }) => path)).to.deep.equal([]);
  });

  it('should say so in the command line as well', () => {
    const bin = fileURLToPath(new URL('../dist/esm/bin.js', import.meta.url));
    expect(execute(['--jitless', bin, 'replay', '/dev/null'])).to.match(/WebAssembly.*--jitless/);
    expect(execute(['--jitless', bin, '--version'])).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('should refuse a handle that was sent to another process', async () => {
    const child = fork(fileURLToPath(new URL('./support/attach-child.mjs', import.meta.url)));
    const store = createStore();
    child.send({ handle: store.handle });
    const [answer] = (await once(child, 'message')) as [{ code: string; message: string }];
    child.disconnect();
    expect(answer.code).to.equal('HANDLE_CROSSED_PROCESS');
    expect(answer.message).to.contain('threads of one process');
    await store.shutdown();
  });
});

describe('misuse of createStore and attachStore', () => {
  const cases: [StoreOptions, string][] = [
    [{ maxBytes: 100_000 }, 'BUDGET_TOO_SMALL'],
    [{ maxSeries: 10_000_000 }, 'BUDGET_TOO_SMALL'],
    [{ maxBytes: 2 ** 33 }, 'INVALID_OPTION'],
    [{ maxBytes: 1.5 }, 'INVALID_OPTION'],
    [{ stripes: 17 }, 'INVALID_OPTION'],
    [{ stripes: 0 }, 'INVALID_OPTION'],
    [{ maxSeries: -1 }, 'INVALID_OPTION'],
    [{ cardinalityLimit: NaN }, 'INVALID_OPTION'],
    [{ maxStreams: 0 }, 'INVALID_OPTION'],
    [{ maxLabelBytes: 1 }, 'INVALID_OPTION'],
    [{ stallDeadlineMillis: Infinity }, 'INVALID_OPTION'],
    [{ seriesTtlMillis: -1 }, 'INVALID_OPTION'],
    [{ shared: 'yes' as unknown as boolean }, 'INVALID_OPTION'],
  ];
  for (const [options, code] of cases)
    it(`should refuse ${JSON.stringify(options)} with ${code}, the value and the bound`, () => {
      const thrown = codeOf(() => createStore(options));
      expect(thrown).to.match(new RegExp(`^${code} `));
      const [[name, value]] = Object.entries(options) as [[string, unknown]];
      expect(thrown)
        .to.contain(code === 'BUDGET_TOO_SMALL' ? 'maxBytes' : name)
        .and.to.contain(String(value));
    });

  it('should refuse what is no handle, and a store of one thread', async () => {
    expect(codeOf(() => attachStore({} as never))).to.match(/^NOT_A_STORE_HANDLE /);
    expect(codeOf(() => attachStore(null as never))).to.match(/^NOT_A_STORE_HANDLE /);
    const alone = createStore({ shared: false });
    const worker = new (await import('node:worker_threads')).Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       import(${JSON.stringify(entry)}).then(({ attachStore }) => { try { attachStore(workerData); } catch (error) { parentPort.postMessage(error.code); } });`,
      { eval: true, workerData: alone.handle },
    );
    expect(await once(worker, 'message')).to.deep.equal(['NOT_SHARED']);
    await worker.terminate();
  });
});
