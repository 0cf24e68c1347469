// Child processes and NodeSDK itself are in register.test.ts and in recipes/.
import { runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { hideExporter } from '../../lib/register/hidden-exporter.js';

const NAME = 'OTEL_METRICS_EXPORTER';
const readFrom = (file: string, name = NAME): unknown =>
  (runInThisContext('name => process.env[name]', { filename: file }) as (name: string) => unknown)(name);

const installed = (name: string): string => name;

describe('hideExporter', () => {
  const { env } = process;
  const before = Object.getOwnPropertyDescriptors(Error);
  beforeEach(() => {
    process.env = { [NAME]: 'prometheus', OTHER: 'x' };
    hideExporter(installed);
  });
  afterEach(() => {
    process.env = env;
    Object.defineProperties(Error, before);
  });

  it('should show none to packages of OpenTelemetry, and what is there to everybody else', () => {
    const core = '/app/node_modules/@opentelemetry/core/build/src/environment.js';
    expect(readFrom(core)).to.equal('none');
    expect(readFrom('C:\\app\\node_modules\\@opentelemetry\\core\\environment.js')).to.equal('none');
    expect(readFrom(core, 'OTHER')).to.equal('x');
    expect(readFrom('/app/opentelemetry/app.js')).to.equal('prometheus');
    expect([process.env[NAME], { ...process.env }[NAME]]).to.deep.equal(['prometheus', 'prometheus']);
    delete process.env[NAME];
    expect([readFrom(core), process.env[NAME], NAME in process.env]).to.deep.equal([
      'none',
      undefined,
      false,
    ]);
  });

  it('should see who reads whatever became of stacks, and leave those as they were', () => {
    const core = '/app/node_modules/@opentelemetry/core/environment.js';
    const prepare = (): string => 'mapped';
    Object.assign(Error, { stackTraceLimit: 0, prepareStackTrace: prepare });
    expect(readFrom(core)).to.equal('none');
    expect(process.env[NAME]).to.equal('prometheus');
    const { stackTraceLimit, prepareStackTrace } = Object.getOwnPropertyDescriptors(
      Error,
    ) as PropertyDescriptorMap;
    expect([stackTraceLimit?.value, prepareStackTrace?.value]).to.deep.equal([0, prepare]);
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    expect(readFrom(core)).to.equal('none');
    expect('prepareStackTrace' in Error).to.equal(false);
  });

  it('should be of use when it is hidden twice, as by two copies of the package', () => {
    hideExporter(installed);
    expect(process.env[NAME]).to.equal('prometheus');
    process.env['ADDED'] = '7';
    expect({ ...process.env }).to.deep.equal({ [NAME]: 'prometheus', OTHER: 'x', ADDED: '7' });
  });

  it('should leave the environment as it is, and cloneable, where NodeSDK is not installed', () => {
    process.env = env;
    hideExporter(() => undefined);
    expect(process.env).to.equal(env);
    hideExporter(name => (name.endsWith('auto-instrumentations-node') ? name : undefined));
    expect(process.env).not.to.equal(env);
  });

  it('should let objects have the environment as their prototype', () => {
    process.env = env;
    hideExporter(installed);
    const own = Object.create(process.env) as Record<string, string>;
    own['OF_THE_OBJECT'] = '1';
    expect([own['OF_THE_OBJECT'], env['OF_THE_OBJECT'], own['PATH']]).to.deep.equal([
      '1',
      undefined,
      env['PATH'],
    ]);
  });

  it('should read the variable when Error lacks what Node gives it, or is frozen', () => {
    const core = '/app/node_modules/@opentelemetry/core/environment.js';
    Reflect.deleteProperty(Error, 'stackTraceLimit');
    expect(readFrom(core)).to.equal('none');
    expect(process.env[NAME]).to.equal('prometheus');
    expect('stackTraceLimit' in Error).to.equal(false);
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false, configurable: true });
    expect(process.env[NAME]).to.equal('prometheus');
    expect(Error.stackTraceLimit).to.equal(10);
  });
});
