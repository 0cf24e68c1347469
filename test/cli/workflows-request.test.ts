import { expect } from 'chai';
import { pathOf, reasonOf, selectorOf } from '../../lib/cli/workflows-request.js';
import { ApiError } from '../../lib/kubernetes/api-error.js';

describe('a request for workflows', () => {
  it('should be for all namespaces or for one, and for the workflows of one controller', () => {
    expect(pathOf(undefined)).to.equal('/apis/argoproj.io/v1alpha1/workflows');
    expect(pathOf('a')).to.equal('/apis/argoproj.io/v1alpha1/namespaces/a/workflows');
    expect(selectorOf(undefined)).to.equal('!workflows.argoproj.io/controller-instanceid');
    expect(selectorOf('mine')).to.equal('workflows.argoproj.io/controller-instanceid=mine');
  });

  it('should say what a failure may mean', () => {
    expect(reasonOf(new ApiError(403, 'no'))).to.match(/^403 no\. Does this account have the verbs/);
    expect(reasonOf(new ApiError(404, 'no'))).to.equal('404 no. Are the CRDs of Argo Workflows installed?');
    expect(reasonOf(new ApiError(500, 'no'))).to.equal('500 no');
    expect(reasonOf(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).to.equal('the connection broke');
    expect(reasonOf(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).to.equal('ECONNREFUSED');
    expect(reasonOf('text')).to.equal('text');
  });
});
