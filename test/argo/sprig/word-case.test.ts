// More words, compared with Go, are in the golden rows of Sprig's functions on words.
import { expect } from 'chai';
import fc from 'fast-check';
import { delimitWords, pascalCase } from '../../../lib/argo/sprig/word-case.js';

describe('delimitWords', () => {
  it('should know acronyms, digits and connectors', () => {
    expect(delimitWords('HTTPServer', '_')).to.equal('http_server');
    expect(delimitWords('http2xx', '-')).to.equal('http-2xx');
    expect(delimitWords('two  words', '_')).to.equal('two__words');
  });

  it('should end on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => delimitWords(text, '_').length >= 0));
  });
});

describe('pascalCase', () => {
  it('should begin words with capitals', () => {
    expect(pascalCase('http_server')).to.equal('HttpServer');
  });

  it('should end on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => pascalCase(text).length >= 0));
  });
});
