import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { plainRows } from '../../../lib/exposition/rows/plain-rows.js';
import { OUT } from '../../../lib/exposition/rows/row-layout.js';

// That it writes what the compiled kernel does is what row-kernel.test.ts shows, of both.
describe('plainRows', () => {
  it('should write into the memory that it was given', () => {
    const memory = new ArrayBuffer(OUT + 64);
    const bytes = Buffer.from(memory);
    const { putNumber } = plainRows(bytes, new Uint32Array(memory), new Float64Array(memory));
    expect(bytes.toString('latin1', OUT, OUT + putNumber(OUT, 1e6 + 0.5))).to.equal('1000000.5');
  });

  it('should write the text where WebAssembly gives no memory, and say so once', () => {
    const program = `
      import { createRequire } from 'node:module';
      const { diag } = createRequire('${import.meta.url}')('@opentelemetry/api');
      diag.setLogger({ ...console, warn: (...parts) => console.log(parts.join(' ')), error: console.log });
      const { createStore, collectPrometheusText } = await import('${new URL('../../../dist/index.js', import.meta.url).href}');
      const store = createStore();
      store.getMeter('m').createCounter('c').add(1234567.5);
      WebAssembly.Memory = class { constructor() { throw new RangeError('no room'); } };
      for (let scrape = 0; scrape < 2; scrape++)
        for await (const chunk of collectPrometheusText({ store })) process.stdout.write(chunk);
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      encoding: 'utf8',
    });
    const text = '# TYPE c_total counter\nc_total{otel_scope_name="m"} 1234567.5\n';
    const [warning = '', ...lines] = output.split('\n');
    expect(warning).to.contain('no room for another WebAssembly memory').and.to.contain('no room');
    expect(lines.join('\n')).to.equal(text + text);
  });
});
